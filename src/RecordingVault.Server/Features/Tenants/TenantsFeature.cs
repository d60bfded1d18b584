using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tenants;

internal static class TenantsFeature
{
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<SystemScope>();
        services.AddSingleton<TenantsTogether>();
        services.AddSingleton<ErrorPageWriter>(TenantPages.WriteErrorAsync);
        services.AddScoped<TenantCreation>();
        services.AddSingleton<RevocationCounters>();
        services.AddScoped<Revocations>();
        services.AddScoped<IPermissionCounter>(provider => provider.GetRequiredService<Revocations>());
        services.AddScoped<PageFrames>();
        return services;
    }
}
