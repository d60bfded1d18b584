using System.Diagnostics;
using System.Globalization;
using Minio;
using Minio.DataModel.Args;
using RecordingVault.Benchmarks.Loopback;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>
/// A real S3 store (infra/s3.sh), and what somebody has in it who does not use the vault: a plain object, put and read by one signed address. While this lives, a vault that is
/// started keeps its recordings in a bucket beside it.
/// </summary>
internal sealed class PlainBucket : IAsyncDisposable
{
    private const string Bucket = "plain", VaultBucket = "vault";
    private static readonly string Script = Path.Combine(Root(AppContext.BaseDirectory), "infra", "s3.sh");

    private readonly string folder;
    private readonly int clusterPort = MeasuredServer.FreePort();
    private readonly IMinioClient client;

    private PlainBucket(string folder)
    {
        this.folder = folder;
        client = new MinioClient().WithEndpoint($"127.0.0.1:{Port}").WithRegion("us-east-1").WithCredentials("vaultaccess", "vaultsecretvaultsecret").Build();
    }

    public int Port { get; } = MeasuredServer.FreePort();

    public static async Task<PlainBucket> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var bucket = new PlainBucket(folder);
        await bucket.RunAsync("up", []);
        foreach (var name in new[] { Bucket, VaultBucket })
            await bucket.client.MakeBucketAsync(new MakeBucketArgs().WithBucket(name), cancellationToken);
        foreach (var (name, value) in bucket.Settings)
            Environment.SetEnvironmentVariable(name, value);
        return bucket;
    }

    public async Task PutAsync(string name, Film film)
    {
        var address = new Uri(await client.PresignedPutObjectAsync(new PresignedPutObjectArgs().WithBucket(Bucket).WithObject(name).WithExpiry(3_600)));
        using var connection = new Connection(Port);
        connection.Send($"PUT {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {film.Length}\r\n\r\n", film.Path);
    }

    /// <summary>Where the object is read; good for an hour.</summary>
    public async Task<string> AddressAsync(string name) => new Uri(await client.PresignedGetObjectAsync(new PresignedGetObjectArgs().WithBucket(Bucket).WithObject(name).WithExpiry(3_600))).PathAndQuery;

    public string Get(string address, (long From, long To)? range = null)
    {
        var part = range is var (from, to) ? string.Create(CultureInfo.InvariantCulture, $"Range: bytes={from}-{to}\r\n") : "";
        return $"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n{part}\r\n";
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(Bucket).WithObject(name), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, _) in Settings)
            Environment.SetEnvironmentVariable(name, null);
        client.Dispose();
        await RunAsync("down", []);
    }

    private IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Vault__Storage__Provider", "s3"), ("Vault__Storage__S3__Endpoint", $"127.0.0.1:{Port}"), ("Vault__Storage__S3__UseTls", "false"), ("Vault__Storage__S3__Bucket", VaultBucket),
        ("Vault__Storage__S3__AccessKey", "vaultaccess"), ("Vault__Storage__S3__SecretKey", "vaultsecretvaultsecret"),
    ];

    private async Task RunAsync(string verb, string[] more)
    {
        // Not read: what the script starts keeps its outputs open.
        var start = new ProcessStartInfo(Script, [verb, folder, .. more]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["S3_PORT"] = $"{Port}";
        start.Environment["S3_CLUSTER_PORT"] = $"{clusterPort}";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"infra/s3.sh {verb} ended with {process.ExitCode}.");
    }

    private static string Root(string place) =>
        File.Exists(Path.Combine(place, "RecordingVault.sln")) ? place : Root(Path.GetDirectoryName(place) ?? throw new InvalidOperationException("No checkout above the benchmarks."));
}
