using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>Passes everything on and remembers which ranges were asked for.</summary>
internal sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    private readonly List<(string Name, long Offset, long Length)> reads = [];

    public IReadOnlyList<(string Name, long Offset, long Length)> Reads => reads;

    /// <summary>Called before each put with what is to be stored.</summary>
    public Func<ReadOnlyMemory<byte>, Task> BeforePut { get; set; } = _ => Task.CompletedTask;

    public int SegmentsAhead { get; init; } = inner.SegmentsAhead;

    public void Forget() => reads.Clear();

    public async Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeforePut(content);
        await inner.PutAsync(name, content, cancellationToken);
    }

    /// <summary>Called before each put of a stream.</summary>
    public Func<Task> BeforePutStream { get; set; } = () => Task.CompletedTask;

    public async Task PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        await BeforePutStream();
        await inner.PutAsync(name, content, cancellationToken);
    }

    public Task<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => inner.FindAsync(name, cancellationToken);

    /// <summary>Called before each read.</summary>
    public Func<Task> BeforeOpen { get; set; } = () => Task.CompletedTask;

    public async Task<Stream> OpenReadAsync(ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        await BeforeOpen();
        lock (reads) reads.Add((name.Value, offset, length));
        return await inner.OpenReadAsync(name, offset, length, cancellationToken);
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(ObjectName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public Task DeleteAsync(IReadOnlyCollection<ObjectName> names, CancellationToken cancellationToken) => inner.DeleteAsync(names, cancellationToken);

    public Task ReachAsync(CancellationToken cancellationToken) => inner.ReachAsync(cancellationToken);

    public Task<StoreTraits> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
