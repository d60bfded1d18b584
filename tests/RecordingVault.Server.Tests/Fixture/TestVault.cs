using Hangfire.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using RecordingVault.Server;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>The real server in this process: Kestrel on a free loopback port, a folder store and a database of its own in a temporary folder.</summary>
public sealed class TestVault : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly string? postgresDatabase;
    private readonly HttpClient bare;

    private TestVault(WebApplication server, string dataDirectory, string? postgresDatabase)
    {
        this.server = server;
        this.postgresDatabase = postgresDatabase;
        DataDirectory = dataDirectory;
        Address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        bare = Client();
    }

    public Uri Address { get; }

    public string DataDirectory { get; }

    public IServiceProvider Services => server.Services;

    /// <summary>A client without any sign-in that follows no redirect and keeps no cookie: tests carry both by hand.</summary>
    public HttpClient Bare => bare;

    public static bool UsesPostgres => string.Equals(Environment.GetEnvironmentVariable("VAULT_TEST_DATABASE"), "postgresql", StringComparison.OrdinalIgnoreCase);

    /// <param name="configure">Changes services or settings before the server is built; a test's own clock comes in here.</param>
    public static async Task<TestVault> StartAsync(Action<WebApplicationBuilder>? configure = null, string? dataDirectory = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var directory = dataDirectory ?? Directory.CreateTempSubdirectory("vault-test-").FullName;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = typeof(VaultServer).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Vault:DataDirectory"] = directory, ["urls"] = "http://127.0.0.1:0", ["Vault:Proxy:Trusted"] = "127.0.0.1" };
        string? database = null;
        if (UsesPostgres)
        {
            database = "t" + Guid.NewGuid().ToString("N");
            values["Vault:Database:Provider"] = "postgresql";
            values["Vault:Database:ConnectionString"] = await CreateDatabaseAsync(database);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            values[name] = value;
        builder.Configuration.AddInMemoryCollection(values);
        builder.AddVault();
        // Hundreds of accounts are made by tests; a test of its own holds the server to its real count.
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseVault();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var start = scope.ServiceProvider.GetRequiredService<VaultStart>();
            if (UsesPostgres)
                await start.MigrateNowAsync(CancellationToken.None);
            await start.RunAsync(CancellationToken.None);
        }

        await app.StartAsync();
        // Hangfire keeps one log for the whole process, that of the vault that started last: when that vault was gone, jobs of all others were lost at their first word.
        LogProvider.SetCurrentLogProvider(new NoLog());
        return new TestVault(app, directory, database);
    }

    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };

    public async ValueTask DisposeAsync()
    {
        bare.Dispose();
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        if (postgresDatabase is not null)
            await DropDatabaseAsync(postgresDatabase);
        else
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private static string Postgres =>
        Environment.GetEnvironmentVariable("VAULT_TEST_POSTGRES") ?? throw new InvalidOperationException("VAULT_TEST_POSTGRES names the server for the tests; infra/test.sh starts one.");

    private static async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Postgres) { Database = name, MaxPoolSize = 20 }.ToString();
    }

    private static async Task DropDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Outlives every vault of the tests.</summary>
file sealed class NoLog : ILogProvider, ILog
{
    public ILog GetLogger(string name) => this;

    public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
}
