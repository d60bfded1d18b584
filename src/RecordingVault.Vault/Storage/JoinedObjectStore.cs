using System.Runtime.CompilerServices;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// A store, and a former one that still holds what was not moved yet. What is put goes to the first; what is read is looked for in the first, then in the
/// former, and then in the first again, since it may have been moved in between; what is deleted is deleted in both.
/// </summary>
internal sealed class JoinedObjectStore(IObjectStore store, IObjectStore former) : IObjectStore
{
    public int SegmentsAhead => Math.Max(store.SegmentsAhead, former.SegmentsAhead);

    public Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.PutAsync(name, content, cancellationToken);

    public Task PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken) => store.PutAsync(name, content, cancellationToken);

    public async Task<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) ?? await former.FindAsync(name, cancellationToken) ?? await store.FindAsync(name, cancellationToken);

    public async Task<Stream> OpenReadAsync(ObjectName name, long offset, long length, CancellationToken cancellationToken) =>
        await TryOpenAsync(store, name, offset, length, cancellationToken)
        ?? await TryOpenAsync(former, name, offset, length, cancellationToken)
        ?? await store.OpenReadAsync(name, offset, length, cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The former one first: what is moved meanwhile is then seen twice and told once, and never missed.
        HashSet<ObjectName> seen = [];
        foreach (var place in (IObjectStore[])[former, store])
        {
            await foreach (var found in place.ListAsync(prefix, cancellationToken))
            {
                if (seen.Add(found.Name)) yield return found;
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var place in (IObjectStore[])[former, store])
        {
            await foreach (var folder in place.ListFoldersAsync(prefix, cancellationToken))
            {
                if (seen.Add(folder)) yield return folder;
            }
        }
    }

    // The former one first here too: a mover that looks whether its source is still there must not find it after the copy was deleted.
    public async Task DeleteAsync(ObjectName name, CancellationToken cancellationToken)
    {
        await former.DeleteAsync(name, cancellationToken);
        await store.DeleteAsync(name, cancellationToken);
    }

    public async Task DeleteAsync(IReadOnlyCollection<ObjectName> names, CancellationToken cancellationToken)
    {
        await former.DeleteAsync(names, cancellationToken);
        await store.DeleteAsync(names, cancellationToken);
    }

    public Task ReachAsync(CancellationToken cancellationToken) => Task.WhenAll(store.ReachAsync(cancellationToken), former.ReachAsync(cancellationToken));

    public Task<StoreTraits> DescribeAsync(CancellationToken cancellationToken) => store.DescribeAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await former.DisposeAsync();
    }

    private static async Task<Stream?> TryOpenAsync(IObjectStore place, ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            return await place.OpenReadAsync(name, offset, length, cancellationToken);
        }
        catch (SealedFormatException missing) when (missing.Failure == FormatFailure.Missing)
        {
            return null;
        }
    }
}
