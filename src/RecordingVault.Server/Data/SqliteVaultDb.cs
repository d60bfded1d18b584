using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Data;

internal sealed class SqliteVaultDb(DbContextOptions<SqliteVaultDb> options, TenantContext tenant) : VaultDbContext(options, tenant)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // SQLite can't order or compare DateTimeOffset; whole microseconds sort and compare as numbers.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicrosecondsConverter>();
    }
}
