namespace RecordingVault.Server.Features.Retention.Schedules;

internal static class ScheduleRoutes
{
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapSchedules(this IEndpointRouteBuilder routes) => routes;
}
