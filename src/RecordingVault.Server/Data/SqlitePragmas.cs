using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using SQLitePCL;

namespace RecordingVault.Server.Data;

/// <summary>
/// Settings of every SQLite connection: FULL, so that an audit event is on disk before its first byte leaves (P3);
/// secure_delete, so that a destroyed wrap leaves no image in a free page (P7); WAL, so that readers don't wait.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 30000; PRAGMA temp_store = MEMORY;";

    // They belong to SQLite's own handle, which the pool keeps when a connection is closed: once each is enough.
    private static readonly ConditionalWeakTable<sqlite3, string> Set = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (IsSet(connection))
            return;
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        Remember(connection);
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default) =>
        ApplyAsync(connection, cancellationToken);

    /// <summary>
    /// Brings what lies in the write-ahead log into the file and empties the log, so that no image of a destroyed wrap stays there (security.md 1). Waits for readers for two seconds at most; what is
    /// left then goes with the next time.
    /// </summary>
    public static async Task ShortenLogAsync(DatabaseFacade database, CancellationToken cancellationToken)
    {
#pragma warning disable RS0030 // a pragma over the whole file, which reads no row; the architecture test lists this file
        var connection = database.GetDbConnection();
#pragma warning restore RS0030
        var wasClosed = connection.State == System.Data.ConnectionState.Closed;
        if (wasClosed)
            await connection.OpenAsync(cancellationToken);
        try
        {
            await ApplyAsync(connection, cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(TRUNCATE);";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            // Somebody reads or writes: it goes with the next one.
        }
        finally
        {
            await using (var back = connection.CreateCommand())
            {
                back.CommandText = "PRAGMA busy_timeout = 30000;";
                await back.ExecuteNonQueryAsync(CancellationToken.None);
            }

            if (wasClosed)
                await connection.CloseAsync();
        }
    }

    public static async Task ApplyAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (IsSet(connection))
            return;
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
        Remember(connection);
    }

    private static bool IsSet(DbConnection connection) => ((SqliteConnection)connection).Handle is { } handle && Set.TryGetValue(handle, out _);

    private static void Remember(DbConnection connection) => Set.AddOrUpdate(((SqliteConnection)connection).Handle!, Pragmas);
}
