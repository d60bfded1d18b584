using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Data;

#pragma warning disable RS0030 // Migrating is work on the whole database, before any tenant; the architecture test lists this file.

/// <summary>Brings the database to the present model. SQLite does it at start; on PostgreSQL it is the verb `migrate`, under the owner's role.</summary>
internal sealed partial class VaultMigrator(VaultDbContext db, IOptions<VaultOptions> options, TimeProvider time, ILogger<VaultMigrator> log)
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) => [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];

    public async Task<IReadOnlyList<string>> AppliedAsync(CancellationToken cancellationToken) => [.. await db.Database.GetAppliedMigrationsAsync(cancellationToken)];

    /// <summary>Which engine answers, and its version.</summary>
    public async Task<string> EngineAsync(CancellationToken cancellationToken) => db.Database.IsSqlite()
        ? $"SQLite {await db.Database.SqlQuery<string>($"SELECT sqlite_version() AS \"Value\"").SingleAsync(cancellationToken)}"
        : $"PostgreSQL {await db.Database.SqlQuery<string>($"SELECT current_setting('server_version') AS \"Value\"").SingleAsync(cancellationToken)}";

    /// <summary>Two starts don't meet: EF holds a lock in the database while it migrates.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (!db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }

        // On SQLite EF's lock is a row that outlives a killed process, and every later start would wait for it for ever. The lock of a file does not:
        // whoever has it knows that nobody is migrating, and that a row which is there was left behind. (Where a file system has no locks, two starts at the same moment are not kept apart.)
        var vault = options.Value;
        await using var alone = await LockAsync(vault.SqliteFile() + "-migrating", cancellationToken);
        if (vault.SqliteFileExists() && await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellationToken) > 0)
            await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        // EF would compare the whole model with the last migration before it finds nothing to do, at every start; a test holds the two together.
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            await db.Database.MigrateAsync(cancellationToken);
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var hasTold = false; ; hasTold = true)
        {
            try
            {
                return new FileStream(path, file);
            }
            catch (IOException taken) when (taken.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows)
            {
                // It is over when the other process lets go of the file, however it ends.
                if (!hasTold)
                    Waits(log, path);
                await Task.Delay(LookAgain, time, cancellationToken);
            }
            catch (UnauthorizedAccessException)
            {
                throw new VaultStartException($"The file {path} can't be opened: another user of this machine has made it, by a verb that ran as him. Delete it while no vault runs over this folder, then start again.");
            }
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "Another start migrates this vault, or has not ended: {Path} is taken. Waiting for it.")]
    private static partial void Waits(ILogger log, string path);
}
