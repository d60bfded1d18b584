using Microsoft.EntityFrameworkCore;

namespace RecordingVault.Server.Data;

#pragma warning disable RS0030 // Migrating is work on the whole database, before any tenant; the architecture test lists this file.

/// <summary>Brings the database to the present model. SQLite does it at start; on PostgreSQL it is the verb `migrate`, under the owner's role.</summary>
internal sealed class VaultMigrator(VaultDbContext db)
{
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) => [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];

    /// <summary>EF holds a lock in the database while it migrates, so two starts don't meet.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => db.Database.MigrateAsync(cancellationToken);
}
