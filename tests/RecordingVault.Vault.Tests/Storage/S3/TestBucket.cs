using Minio;
using Minio.DataModel.Args;
using Minio.DataModel.ObjectLock;
using RecordingVault.Vault.Storage.S3;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>A bucket of its own on the real S3 server that `infra/s3.sh` started and VAULT_TEST_S3 names (host:port). Gone with all its versions afterwards.</summary>
internal sealed class TestBucket : IAsyncDisposable
{
    private readonly IMinioClient client;

    private TestBucket(S3Location settings)
    {
        Settings = settings;
        client = Client(settings.Endpoint);
    }

    public static string Endpoint => Environment.GetEnvironmentVariable("VAULT_TEST_S3")
        ?? throw new InvalidOperationException("Start a store with `infra/s3.sh up FOLDER`, and set VAULT_TEST_S3 to its host:port.");

    public S3Location Settings { get; }

    public IMinioClient Library => client;

    public static async Task<TestBucket> MakeAsync(bool withLock = false, bool withVersions = false)
    {
        var bucket = new TestBucket(new S3Location(Endpoint, $"test-{Guid.NewGuid():n}", null, "us-east-1", "vaultaccess", "vaultsecretvaultsecret", UseTls: false) { IsLineChecked = true });
        var args = new MakeBucketArgs().WithBucket(bucket.Settings.Bucket);
        await bucket.client.MakeBucketAsync(withLock ? args.WithObjectLock() : args);
        if (withVersions) await bucket.client.SetVersioningAsync(new SetVersioningArgs().WithBucket(bucket.Settings.Bucket).WithVersioningEnabled());
        return bucket;
    }

    public S3ObjectStore Open(string? endpoint = null, S3Timing? timing = null) =>
        new(Settings with { Endpoint = endpoint ?? Settings.Endpoint }, timing ?? S3Timing.Default, TimeProvider.System);

    /// <summary>The library as it is, without the ways around its faults.</summary>
    public static IMinioClient Client(string endpoint) =>
        new MinioClient().WithEndpoint(endpoint).WithRegion("us-east-1").WithCredentials("vaultaccess", "vaultsecretvaultsecret").Build();

    public async Task<IReadOnlyList<string>> IncompleteAsync(CancellationToken ct) =>
        await client.ListIncompleteUploadsEnumAsync(new ListIncompleteUploadsArgs().WithBucket(Settings.Bucket).WithRecursive(true), ct).Select(upload => upload.Key).ToListAsync(ct);

    public Task LockByDefaultAsync(int days, CancellationToken ct) => client.SetObjectLockConfigurationAsync(
        new SetObjectLockConfigurationArgs().WithBucket(Settings.Bucket).WithLockConfiguration(new ObjectLockConfiguration(ObjectRetentionMode.GOVERNANCE, days)), ct);

    public async ValueTask DisposeAsync()
    {
        var args = new ListObjectsArgs().WithBucket(Settings.Bucket).WithRecursive(true).WithVersions(true);
        while (await client.ListObjectsEnumAsync(args).ToListAsync() is { Count: > 0 } found)
        {
            foreach (var item in found)
                await client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(Settings.Bucket).WithObject(item.Key).WithVersionId(item.VersionId).WithBypassGovernanceMode(true));
        }
        try
        {
            await client.RemoveBucketAsync(new RemoveBucketArgs().WithBucket(Settings.Bucket));
        }
        catch (Exception notEmpty) when (notEmpty is Minio.Exceptions.MinioException or ArgumentNullException)
        {
            // Marks of deleted versions, which the library does not list: the server itself is thrown away after the tests.
        }
        client.Dispose();
    }
}
