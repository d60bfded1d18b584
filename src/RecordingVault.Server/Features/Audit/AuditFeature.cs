using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Audit;

internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditReading>();
        return services;
    }

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/audit").RequireAuthorization(Policies.ReadLog).WithTags("Audit");
        api.MapGet("/events", ListAuditEvents.Handle);
        return routes;
    }
}
