using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Database, keys and store. Nothing is made or migrated by looking; the store is asked to keep, give back and delete one probe.</summary>
internal sealed class VaultChecks(VaultDbContext db, VaultMigrator migrator, IRootKeyProvider rootKeys, IServiceProvider services)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        // A folder is made by the first start; a bucket is there before, or nothing starts.
        if (vault.Storage.Provider != StorageProvider.Folder || Directory.Exists(vault.StorePath))
            findings.AddRange(await ActivatorUtilities.CreateInstance<StoreChecks>(services).RunAsync(vault, cancellationToken));
        var isMade = vault.Database.Provider == DatabaseProvider.PostgreSql || File.Exists(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(vault.SqliteConnectionString).DataSource);
        if (!isMade)
            return [.. findings, Finding.Look("database", "there is none yet.", "The first start makes it.")];

        findings.AddRange(await LookAsync(vault, cancellationToken));
        if (findings[^1].Verdict != Verdict.Unsafe)
            findings.Add(await RootKeyAsync(cancellationToken));
        if (vault.Setup.Password is not null)
            findings.Add(Finding.Look("set-up", "Vault__Setup__Password is still set.", "Remove it once the owner has signed in; a start is refused as long as it is still his password."));
        return findings;
    }

    /// <summary>The database, and, where it answers, its engine last.</summary>
    public async Task<IReadOnlyList<Finding>> LookAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        var database = await DatabaseAsync(vault, cancellationToken);
        return database.Verdict == Verdict.Unsafe ? [database] : [database, await EngineAsync(vault, cancellationToken)];
    }

    private async Task<Finding> DatabaseAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        try
        {
            var pending = await migrator.PendingAsync(cancellationToken);
            if (pending.Count == 0)
                return Finding.Ok("database", $"{vault.Database.Provider} answers and is of this version.");
            return vault.Database.Provider == DatabaseProvider.Sqlite
                ? Finding.Look("database", $"{pending.Count} migration(s) are pending.", "The next start applies them. Copy the database before.")
                : Finding.Unsafe("database", $"{pending.Count} migration(s) are pending: the vault does not start.", "Run the verb migrate under the role that owns the tables.");
        }
        catch (Exception unreachable) when (unreachable is DbException or IOException or TimeoutException or InvalidOperationException)
        {
            return Finding.Unsafe("database", $"{vault.Database.Provider} does not answer ({unreachable.GetType().Name}).", "Look at Vault__Database__ConnectionString and whether the database runs.");
        }
    }

    /// <summary>P3 and P7 stand on these: an event is on disk when its transaction ends, and what was deleted leaves no image.</summary>
    private static async Task<Finding> EngineAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        if (vault.Database.Provider == DatabaseProvider.PostgreSql)
        {
            var server = await DatabaseSettings.ReadPostgresAsync(vault.Database.ConnectionString!, cancellationToken);
            return server["synchronous_commit"] is not ("off" or "local") && server["fsync"] == "on"
                ? Finding.Ok("durability", "synchronous_commit and fsync are on.")
                : Finding.Unsafe("durability", $"synchronous_commit is {server["synchronous_commit"]}, fsync is {server["fsync"]}: an event of the log could be lost in a crash.", "Turn both on in postgresql.conf.");
        }

        var file = await DatabaseSettings.ReadSqliteAsync(vault.SqliteConnectionString, cancellationToken);
        return file["journal_mode"] == "wal" && file["synchronous"] == "2" && file["secure_delete"] == "1"
            ? Finding.Ok("durability", "journal wal, synchronous full, secure_delete on.")
            : Finding.Unsafe("durability", $"journal {file["journal_mode"]}, synchronous {file["synchronous"]}, secure_delete {file["secure_delete"]}: not what the vault sets.", "The file system may not bear WAL; put the database on a local disk.");
    }

    private async Task<Finding> RootKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var root = rootKeys.Load();
            var wraps = await db.VaultKeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Vault).Select(wrap => wrap.WrappingKeyId).ToListAsync(cancellationToken);
            return wraps.Count == 0 || wraps.Contains(root.Id)
                ? Finding.Ok("vault key", "the root key opens it.")
                : Finding.Unsafe("vault key", "the root key is not the one that this vault was made with.", "Put the right one in its place. Nothing was changed.");
        }
        catch (RootKeyException cannot)
        {
            return Finding.Unsafe("vault key", "the root key can't be had.", cannot.Message);
        }
    }
}
