using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Data;

internal sealed class SqliteVaultDb(DbContextOptions<SqliteVaultDb> options, TenantContext tenant) : VaultDbContext(options, tenant)
{
    public override Task ShortenLogAsync(CancellationToken cancellationToken) => SqlitePragmas.ShortenLogAsync(Database, cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // SQLite can't order or compare DateTimeOffset; whole microseconds sort and compare as numbers.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicrosecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // SQLite adds only columns that it computes while it reads to a table that is there; an index on them is stored all the same.
        foreach (var computed in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Where(property => property.GetComputedColumnSql() is not null))
            computed.SetIsStored(false);
    }
}
