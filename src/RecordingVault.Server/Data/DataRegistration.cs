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
    private static readonly TransactionEnds Ends = new();

    /// <summary>One context per scope, never pooled: a pooled context could carry a tenant from one request into another.</summary>
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddScoped<TenantContext>();
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        services.AddSingleton<EntityFrameworkServices>();
        services.AddSingleton<DbContextOptions>(Options);
        services.AddScoped<VaultDbContext>(provider => provider.GetRequiredService<DbContextOptions>() switch
        {
            DbContextOptions<SqliteVaultDb> sqlite => new SqliteVaultDb(sqlite, provider.GetRequiredService<TenantContext>()),
            DbContextOptions<NpgsqlVaultDb> postgreSql => new NpgsqlVaultDb(postgreSql, provider.GetRequiredService<TenantContext>()),
            _ => throw new InvalidOperationException("Unknown database provider."),
        });
        return services;
    }

    /// <summary>Made once: what EF needs of the program's services (logging, Identity's settings and protector) are singletons, and a context of its own each request costs little then.</summary>
    private static DbContextOptions Options(IServiceProvider provider)
    {
        var vault = provider.GetRequiredService<IOptions<VaultOptions>>().Value;
        var own = provider.GetRequiredService<EntityFrameworkServices>().Services;
        return vault.Database.Provider switch
        {
            DatabaseProvider.Sqlite => Sqlite(vault.SqliteConnectionString).UseInternalServiceProvider(own).UseApplicationServiceProvider(provider).Options,
            DatabaseProvider.PostgreSql => new DbContextOptionsBuilder<NpgsqlVaultDb>().UseNpgsql(vault.Database.ConnectionString).AddInterceptors(Ends)
                .UseInternalServiceProvider(own).UseApplicationServiceProvider(provider).Options,
            _ => throw new InvalidOperationException("Unknown database provider."),
        };
    }

    public static DbContextOptionsBuilder<SqliteVaultDb> Sqlite(string connectionString) =>
        new DbContextOptionsBuilder<SqliteVaultDb>().UseSqlite(connectionString).AddInterceptors(Pragmas, Ends);
}

/// <summary>
/// EF's own services, one set for each running vault. Identity's personal-data converter is captured in the model, which lies there: a process that
/// serves two vaults (the tests do) must not seal one vault's members under the other's key. And a context finds them without comparing options.
/// </summary>
internal sealed class EntityFrameworkServices(IOptions<VaultOptions> options) : IDisposable
{
    // EF wants the services of one database only.
    private readonly ServiceProvider services =
        (options.Value.Database.Provider == DatabaseProvider.Sqlite ? new ServiceCollection().AddEntityFrameworkSqlite() : new ServiceCollection().AddEntityFrameworkNpgsql()).BuildServiceProvider();

    public IServiceProvider Services => services;

    public void Dispose() => services.Dispose();
}

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
