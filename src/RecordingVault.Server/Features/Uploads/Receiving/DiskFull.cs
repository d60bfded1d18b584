using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>Tells a full disk, of the store or of the database, from other faults: it is nobody's mistake and has its own answer.</summary>
internal static class DiskFull
{
    // errno of Linux, which .NET keeps as HResult: no space left on device, disk quota exceeded.
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int SqliteFull = 13;

    public static bool Is(Exception fault) => fault switch
    {
        DbUpdateException { InnerException: { } inner } => Is(inner),
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.DiskFull,
        ObjectStoreException store => store.Failure == StoreFailure.Full,
        IOException disk => disk.HResult is NoSpace or OverQuota,
        _ => false,
    };
}
