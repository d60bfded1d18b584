namespace RecordingVault.Vault.Storage;

/// <summary>Why a store did not do what it was asked.</summary>
public enum StoreFailure
{
    /// <summary>It does not answer, answers too slowly, or says that it can't just now; tries were made. Later it may.</summary>
    Unavailable,

    /// <summary>It refuses: a wrong key, a missing right, a missing bucket, a clock that differs, an object under retention.</summary>
    Refused,

    /// <summary>It has no room left.</summary>
    Full,

    /// <summary>It answered what no store should: other bytes, other lengths, no S3 at all.</summary>
    Misbehaving,
}

/// <summary>
/// The store failed; what it was asked to keep does not count as kept. The message names no address, no key and no secret: it may be shown to an operator.
/// </summary>
public sealed class ObjectStoreException(StoreFailure failure, string message, Exception? inner = null) : IOException(message, inner)
{
    public StoreFailure Failure { get; } = failure;
}
