namespace RecordingVault.Server.Features.Retention.Due;

internal static class DueRoutes
{
    public static IServiceCollection AddDue(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapDue(this IEndpointRouteBuilder routes) => routes;
}
