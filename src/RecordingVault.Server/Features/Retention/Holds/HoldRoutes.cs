namespace RecordingVault.Server.Features.Retention.Holds;

internal static class HoldRoutes
{
    public static IServiceCollection AddHolds(this IServiceCollection services)
    {
        services.AddScoped<HoldReading>();
        return services;
    }

    public static IEndpointRouteBuilder MapHolds(this IEndpointRouteBuilder routes) => routes;
}
