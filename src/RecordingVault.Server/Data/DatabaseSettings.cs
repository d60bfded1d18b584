using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace RecordingVault.Server.Data;

/// <summary>What the database engine really does with our connections, read back from it. `doctor` shows it; no tenant's row is touched.</summary>
internal static class DatabaseSettings
{
    /// <summary>journal_mode, synchronous and secure_delete as they stand after our pragmas. The file is never made by this.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadSqliteAsync(string connectionString, CancellationToken cancellationToken)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        await using var connection = new SqliteConnection(builder.ToString());
        await connection.OpenAsync(cancellationToken);
        await SqlitePragmas.ApplyAsync(connection, cancellationToken);
        return await ReadAsync(connection, "PRAGMA ", ["journal_mode", "synchronous", "secure_delete", "foreign_keys"], cancellationToken);
    }

    public static async Task<IReadOnlyDictionary<string, string>> ReadPostgresAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return await ReadAsync(connection, "SHOW ", ["synchronous_commit", "fsync", "full_page_writes"], cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(DbConnection connection, string verb, string[] names, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = verb + name;
            values[name] = Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture) ?? "";
        }

        return values;
    }
}
