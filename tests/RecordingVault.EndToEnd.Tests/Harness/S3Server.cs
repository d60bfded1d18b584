using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>A real S3 store of a test's own (infra/s3.sh), with a bucket, whose front can be killed and brought back.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    private const string Bucket = "vault";
    private static readonly string Script = Path.Combine(Checkout.Folder, "infra", "s3.sh");

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-s3-").FullName;
    private readonly int port = FreePort();
    private readonly int clusterPort = FreePort();
    private long diskBytes;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Vault__Storage__Provider"] = "s3",
        ["Vault__Storage__S3__Endpoint"] = $"127.0.0.1:{port}",
        ["Vault__Storage__S3__UseTls"] = "false",
        ["Vault__Storage__S3__Bucket"] = Bucket,
        ["Vault__Storage__S3__AccessKey"] = "vaultaccess",
        ["Vault__Storage__S3__SecretKey"] = "vaultsecretvaultsecret",
    };

    /// <summary>Where the store keeps what it holds, when it was started on disk; its own journals and logs lie there too.</summary>
    public string Folder => folder;

    /// <param name="onDisk">Objects go to a disk of this size in its folder, and not into memory; 0 for memory.</param>
    public static async Task<S3Server> StartAsync(CancellationToken ct, long onDisk = 0)
    {
        var server = new S3Server { diskBytes = onDisk };
        await server.RunAsync(Script, onDisk > 0 ? ["up", server.folder, "file"] : ["up", server.folder], ct);
        await server.RunAsync(Script, ["bucket", server.folder, Bucket], ct);
        return server;
    }

    public Task KillAsync(CancellationToken ct) => RunAsync(Script, ["gateway-kill", folder], ct);

    public Task StartAgainAsync(CancellationToken ct) => RunAsync(Script, ["gateway-start", folder], ct);

    /// <summary>Puts a file into the bucket as it is, past the vault.</summary>
    public Task PutAsync(string path, string name, CancellationToken ct) => RunAsync(Script, ["put", folder, $"{Bucket}/{name}", path], ct);

    public async ValueTask DisposeAsync() => await RunAsync(Script, ["down", folder], CancellationToken.None);

    private async Task RunAsync(string script, string[] arguments, CancellationToken ct)
    {
        // Not read: what the script starts keeps its outputs open.
        var start = new ProcessStartInfo(script, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["S3_PORT"] = $"{port}";
        start.Environment["S3_CLUSTER_PORT"] = $"{clusterPort}";
        if (diskBytes > 0)
            start.Environment["S3_SIZE_BYTES"] = $"{diskBytes}";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(script)} {arguments[0]} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
