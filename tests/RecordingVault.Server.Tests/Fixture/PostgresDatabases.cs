using Npgsql;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>
/// Databases of the tests' PostgreSQL. All migrations take seconds and run once, in a template; each vault gets a copy. UpgradeTests run them one by one.
/// </summary>
internal static class PostgresDatabases
{
    private static readonly Lazy<Task<string>> s_template = new(MigrateTemplateAsync);

    private static string Server =>
        Environment.GetEnvironmentVariable("VAULT_TEST_POSTGRES") ?? throw new InvalidOperationException("VAULT_TEST_POSTGRES names the server for the tests; infra/test.sh starts one.");

    public static string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(Server) { Database = database, MaxPoolSize = 20 }.ToString();

    public static async Task CreateAsync(string database) => await RunAsync($"CREATE DATABASE {database} TEMPLATE {await s_template.Value}");

    public static Task DropAsync(string database) => RunAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");

    public static async Task DropTemplateAsync()
    {
        if (s_template.IsValueCreated)
            await DropAsync(await s_template.Value);
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        var template = "template_" + Guid.NewGuid().ToString("N");
        await RunAsync($"CREATE DATABASE {template}");
        // Its sessions end with each connection: a database that somebody uses can't be copied.
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString(template)) { Pooling = false }.ToString();
        await DatabaseTemplate.MigrateAsync(("Vault:Database:Provider", "postgresql"), ("Vault:Database:ConnectionString", connection));
        return template;
    }

    private static async Task RunAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(Server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
