using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.First(address => !address.Contains(ManagementHost, StringComparison.Ordinal)).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Management = addresses.FirstOrDefault(address => address.Contains(ManagementHost, StringComparison.Ordinal)) is { } management ? new Uri(management) : null;
        bare = Client();
    }

    /// <summary>The operator's listener has an address of its own on this machine, so that both may take any free port.</summary>
    private const string ManagementHost = "127.0.0.2";

    public Uri Address { get; }

    /// <summary>Where the operator's listener is bound.</summary>
    public Uri? Management { get; }

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
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Vault:DataDirectory"] = directory, ["urls"] = "http://127.0.0.1:0", ["Vault:Management:Urls"] = $"http://{ManagementHost}:0", ["Vault:Proxy:Trusted"] = "127.0.0.1", ["Vault:Processing:Sandbox"] = "off" };
        string? database = null;
        if (UsesPostgres)
        {
            database = "t" + Guid.NewGuid().ToString("N");
            values["Vault:Database:Provider"] = "postgresql";
            values["Vault:Database:ConnectionString"] = PostgresDatabases.ConnectionString(database);
            await PostgresDatabases.CreateAsync(database);
        }
        else if (dataDirectory is null)
        {
            await DatabaseTemplate.CopySqliteAsync(directory);
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
            await scope.ServiceProvider.GetRequiredService<VaultStart>().RunAsync(CancellationToken.None);
        }

        await app.StartAsync();
        return new TestVault(app, directory, database);
    }

    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Comes in by the operator's listener, whatever the address that is asked for; requests call it localhost, as a browser does.</summary>
    public HttpClient ManagementClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPEndPoint.Parse(Management!.Authority), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"http://localhost:{Management!.Port}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async ValueTask DisposeAsync()
    {
        bare.Dispose();
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        if (postgresDatabase is not null)
            await PostgresDatabases.DropAsync(postgresDatabase);
        else
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(DataDirectory, recursive: true);
    }
}
