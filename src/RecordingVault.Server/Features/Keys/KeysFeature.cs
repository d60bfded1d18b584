using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Keys;

internal static class KeysFeature
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<VaultKeyring>();
        services.AddHostedService<KeyExpiry>();
        services.AddScoped<TenantKeys>();
        services.AddScoped<VaultOpening>();
        services.AddSingleton(provider =>
        {
            var vault = provider.GetRequiredService<IOptions<VaultOptions>>().Value;
            // The store's folder may be the first thing made in the data directory, which must be closed to others from then on.
            PrivateFolder.Create(vault.DataPath);
            return SealedStore.Open(vault.StoreLocation(), vault.Storage.Former.Location());
        });
        services.AddSingleton<IRootKeyProvider>(provider =>
        {
            var vault = provider.GetRequiredService<IOptions<VaultOptions>>().Value;
            return vault.Keys.Provider == RootKeyProvider.Environment ? new EnvironmentRootKey("Vault__Keys__Root") : new FileRootKey(vault.RootKeyPath);
        });
        return services;
    }
}
