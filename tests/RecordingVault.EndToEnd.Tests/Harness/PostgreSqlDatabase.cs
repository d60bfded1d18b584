using Npgsql;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>An empty database of its own on the PostgreSQL that infra/test.sh started; dropped when disposed.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name = $"e2e_{Guid.NewGuid():n}";

    private PostgreSqlDatabase(string server) => this.server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ToString();

    public static async Task<PostgreSqlDatabase> CreateAsync(CancellationToken ct)
    {
        var given = Environment.GetEnvironmentVariable("VAULT_TEST_POSTGRES")
            ?? throw new InvalidOperationException("VAULT_TEST_POSTGRES names the PostgreSQL to use; infra/test.sh starts one and sets it.");
        var database = new PostgreSqlDatabase(given);
        await ExecuteAsync(given, $"CREATE DATABASE {database.name}", ct);
        return database;
    }

    public Task RunAsync(string script, CancellationToken ct) => ExecuteAsync(ConnectionString, script, ct);

    public async ValueTask DisposeAsync() => await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
