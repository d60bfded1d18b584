using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>The contract of all stores, on a real S3 server.</summary>
public sealed class S3ObjectStoreTests : ObjectStoreContract
{
    private TestBucket bucket = null!;

    private protected override async ValueTask<IObjectStore> OpenEmptyAsync()
    {
        bucket = await TestBucket.MakeAsync();
        return bucket.Open();
    }

    private protected override ValueTask RemoveAsync() => bucket.DisposeAsync();
}
