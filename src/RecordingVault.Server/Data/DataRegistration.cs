using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Data;

internal static class DataRegistration
{
    private static readonly SqlitePragmas Pragmas = new();

    /// <summary>One context per scope, never pooled: a pooled context could carry a tenant from one request into another.</summary>
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddScoped<TenantContext>();
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        services.AddScoped<VaultDbContext>(provider =>
        {
            var vault = provider.GetRequiredService<IOptions<VaultOptions>>().Value;
            var tenant = provider.GetRequiredService<TenantContext>();
            return vault.Database.Provider switch
            {
                DatabaseProvider.Sqlite => new SqliteVaultDb(Sqlite(vault.SqliteConnectionString).UseApplicationServiceProvider(provider).Options, tenant),
                DatabaseProvider.PostgreSql => new NpgsqlVaultDb(
                    new DbContextOptionsBuilder<NpgsqlVaultDb>().UseNpgsql(vault.Database.ConnectionString).ReplaceService<IModelCacheKeyFactory, ModelPerVault>()
                        .UseApplicationServiceProvider(provider).Options,
                    tenant),
                _ => throw new InvalidOperationException("Unknown database provider."),
            };
        });
        return services;
    }

    public static DbContextOptionsBuilder<SqliteVaultDb> Sqlite(string connectionString) =>
        new DbContextOptionsBuilder<SqliteVaultDb>().UseSqlite(connectionString).AddInterceptors(Pragmas).ReplaceService<IModelCacheKeyFactory, ModelPerVault>();
}

/// <summary>
/// Identity's personal-data converter is captured in the model, once per context type. One model per service provider keeps a process
/// that serves two vaults (the tests do) from sealing one vault's members under the other's key.
/// </summary>
internal sealed class ModelPerVault : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<VaultIdentity>(), designTime);
}

/// <summary>Stands for one running vault: a singleton of the service provider.</summary>
internal sealed class VaultIdentity;

/// <summary>For `dotnet ef`: the passkey tables appear only if the context sees Identity's schema version in its services.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteVaultDb>
{
    public SqliteVaultDb CreateDbContext(string[] args) =>
        new(DataRegistration.Sqlite(new SqliteConnectionStringBuilder { DataSource = ":memory:" }.ToString()).UseApplicationServiceProvider(DesignServices.Build()).Options, new TenantContext());
}

internal sealed class NpgsqlDesign : IDesignTimeDbContextFactory<NpgsqlVaultDb>
{
    public NpgsqlVaultDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<NpgsqlVaultDb>().UseNpgsql("Host=localhost").UseApplicationServiceProvider(DesignServices.Build()).Options, new TenantContext());
}

internal static class DesignServices
{
    public static IServiceProvider Build() =>
        new ServiceCollection().Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3).BuildServiceProvider();
}
