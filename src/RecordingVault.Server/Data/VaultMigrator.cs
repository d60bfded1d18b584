using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Data;

#pragma warning disable RS0030 // Migrating is work on the whole database, before any tenant; the architecture test lists this file.

/// <summary>Brings the database to the present model. SQLite does it at start; on PostgreSQL it is the verb `migrate`, under the owner's role.</summary>
internal sealed class VaultMigrator(VaultDbContext db, IOptions<VaultOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) => [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];

    /// <summary>Two starts don't meet: EF holds a lock in the database while it migrates.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (!db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }

        // On SQLite EF's lock is a row that outlives a killed process, and every later start would wait for it for ever. The lock of a file does not:
        // whoever has it knows that nobody is migrating, and that a row which is there was left behind.
        var vault = options.Value;
        await using var alone = await LockAsync(vault.SqliteFile + "-migrating", cancellationToken);
        if (vault.SqliteFileExists() && await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellationToken) > 0)
            await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        while (true)
        {
            try
            {
                return new FileStream(path, file);
            }
            catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException))
            {
                // Another start migrates: it is over when its process lets go of the file, however it ends.
                await Task.Delay(LookAgain, time, cancellationToken);
            }
        }
    }
}
