using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>Every row of every table at one moment, read past the model and its filters, so that a test can say what has changed since: by table and column.</summary>
internal sealed class DatabaseRows
{
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, string>>> tables;

    private DatabaseRows(Dictionary<string, Dictionary<string, Dictionary<string, string>>> tables) => this.tables = tables;

    public static async Task<DatabaseRows> ReadAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var options = vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
        await using DbConnection connection = TestVault.UsesPostgres ? new NpgsqlConnection(options.Database.ConnectionString) : new SqliteConnection(options.SqliteConnectionString);
        await connection.OpenAsync(cancellationToken);
        var keys = await KeysAsync(vault);
        var names = TestVault.UsesPostgres
            ? "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        var read = new Dictionary<string, Dictionary<string, Dictionary<string, string>>>(StringComparer.Ordinal);
        foreach (var name in (await RowsAsync(connection, names, cancellationToken)).Select(row => row.Values.Single()))
        {
            var table = name.StartsWith("public.", StringComparison.Ordinal) ? name["public.".Length..] : name;
            var rows = await RowsAsync(connection, $"SELECT * FROM {name}", cancellationToken);
            // Of a table that the model does not know, a changed row is one that went and one that came.
            read[table] = rows.GroupBy(row => string.Join('|', keys.GetValueOrDefault(table)?.Select(column => row[column]) ?? row.Values), StringComparer.Ordinal)
                .ToDictionary(rows => rows.Key, rows => rows.First(), StringComparer.Ordinal);
        }

        return new DatabaseRows(read);
    }

    /// <summary>What differs in the later one: "table.column" where a row was changed, "table, new row" and "table, row gone".</summary>
    public IEnumerable<string> ChangesTo(DatabaseRows later)
    {
        var changes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in tables.Keys.Union(later.tables.Keys, StringComparer.Ordinal))
        {
            var (before, after) = (tables.GetValueOrDefault(table) ?? [], later.tables.GetValueOrDefault(table) ?? []);
            if (after.Keys.Any(key => !before.ContainsKey(key)))
                changes.Add($"{table}, new row");
            if (before.Keys.Any(key => !after.ContainsKey(key)))
                changes.Add($"{table}, row gone");
            foreach (var (key, row) in before.Where(pair => after.ContainsKey(pair.Key)))
                changes.UnionWith(row.Where(cell => after[key][cell.Key] != cell.Value).Select(cell => $"{table}.{cell.Key}"));
        }

        return changes;
    }

    private static async Task<Dictionary<string, IReadOnlyList<string>>> KeysAsync(TestVault vault)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        return scope.ServiceProvider.GetRequiredService<VaultDbContext>().Model.GetEntityTypes().Where(type => type.GetTableName() is not null && type.FindPrimaryKey() is not null)
            .GroupBy(type => type.GetTableName()!, StringComparer.Ordinal)
            .ToDictionary(types => types.Key, types => (IReadOnlyList<string>)[.. types.First().FindPrimaryKey()!.Properties.Select(property => property.GetColumnName())], StringComparer.Ordinal);
    }

    private static async Task<List<Dictionary<string, string>>> RowsAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of tables, as the database itself tells them
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Dictionary<string, string>>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, column => Text(reader.GetValue(column)), StringComparer.Ordinal));
        return rows;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)),
        Array values => string.Join(',', values.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
