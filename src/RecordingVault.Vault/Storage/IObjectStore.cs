namespace RecordingVault.Vault.Storage;

/// <summary>What a store says about an object without reading it.</summary>
internal sealed record StoredObject(ObjectName Name, long LengthInBytes, DateTimeOffset LastModified);

/// <summary>
/// Named bytes, nothing more: whatever a folder and every S3 store can do. It sees sealed bytes and wraps only. One contract suite holds for all
/// implementations (ObjectStoreContract in the tests).
/// </summary>
internal interface IObjectStore : IAsyncDisposable
{
    /// <summary>How many objects a reader asks for before it needs them, since asking takes time. They lie in the connections' own buffers, not in ours.</summary>
    int SegmentsAhead { get; }

    /// <summary>
    /// The whole object is there and durable when this returns, and nothing of it when it throws. Putting the same bytes again is a retry;
    /// other bytes under a name that is taken are an <see cref="IOException"/>, and the old ones stay.
    /// </summary>
    Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The same for what flows and whose length nobody knows before its end. When the stream throws, no object is made.</summary>
    Task PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken);

    /// <summary>Null when there is no such object.</summary>
    Task<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>
    /// At most <paramref name="length"/> bytes from <paramref name="offset"/> on; fewer, or none, when the object ends before.
    /// No object: <see cref="Format.SealedFormatException"/>, missing.
    /// </summary>
    Task<Stream> OpenReadAsync(ObjectName name, long offset, long length, CancellationToken cancellationToken);

    /// <summary>All objects below a prefix, which is empty or ends with a slash, in no order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The parts that follow a prefix up to the next slash, each once, in no order: what looks like folders in it.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Durable when it returns. Deleting what is not there is fine.</summary>
    Task DeleteAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>Many at once, with as few requests as the store knows. When it throws, some may be gone.</summary>
    Task DeleteAsync(IReadOnlyCollection<ObjectName> names, CancellationToken cancellationToken);

    /// <summary>Whether it answers and would take something now, without leaving anything in it. Throws <see cref="IOException"/> when not.</summary>
    Task ReachAsync(CancellationToken cancellationToken);

    /// <summary>What it says of itself, for whoever asks whether it is fit.</summary>
    Task<StoreTraits> DescribeAsync(CancellationToken cancellationToken);
}
