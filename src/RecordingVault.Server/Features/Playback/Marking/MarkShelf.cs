using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>
/// Opened layouts with the front of one tag, so that a seek reads neither again. 64 MiB a node, 8 MiB an entry, ten idle minutes, one loader for each at a time; what belongs to a
/// recording goes with its key: on disposal, on lock, and when nobody has asked for it for ten minutes.
/// </summary>
internal sealed class MarkShelf : IDisposable
{
    private const long Capacity = 64 * 1024 * 1024;
    private const long Largest = 8 * 1024 * 1024;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly MemoryCache shelf = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly VaultKeyring keyring;
    private volatile bool isDisposed;

    public MarkShelf(VaultKeyring keyring)
    {
        this.keyring = keyring;
        keyring.TellDropped(Forget);
    }

    public int Count => shelf.Count;

    /// <summary>Null when it is not at hand.</summary>
    /// <param name="signed">The object of its front, where it was signed.</param>
    public ServedMark? Find(Guid tenantId, Guid recordingId, Guid layoutId, UsageTag tag, Guid? signed) =>
        shelf.TryGetValue(new Place(tenantId, recordingId, layoutId, tag.Name, signed), out ServedMark? kept) ? kept : null;

    /// <exception cref="MarkFailedException">The front could not be read back.</exception>
    public Task<ServedMark> OpenAsync(IStoredLayouts layouts, OwnerKey key, ManifestAsset stored, UsageTag tag, CancellationToken cancellationToken) =>
        OpenAsync(key, new Place(key.TenantId, key.OwnerId, stored.Id, tag.Name, null), () => layouts.OpenAsync(key, stored, tag, cancellationToken), cancellationToken);

    /// <summary>The same with the front that was signed for it.</summary>
    /// <exception cref="MarkFailedException">The front could not be read back.</exception>
    public Task<ServedMark> OpenAsync(IStoredFronts fronts, OwnerKey key, ManifestAsset stored, StoredFront front, ServedMark plain, CancellationToken cancellationToken) =>
        OpenAsync(key, new Place(key.TenantId, key.OwnerId, stored.Id, plain.Tag.Name, front.ObjectId), () => fronts.OpenAsync(key, front, plain, cancellationToken), cancellationToken);

    private async Task<ServedMark> OpenAsync(OwnerKey key, Place place, Func<Task<ServedMark>> open, CancellationToken cancellationToken)
    {
        if (shelf.TryGetValue(place, out ServedMark? found) && found is not null)
            return found;
        var turn = turns[(uint)place.GetHashCode() % (uint)turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (shelf.TryGetValue(place, out ServedMark? meanwhile) && meanwhile is not null)
                return meanwhile;
            var mark = await open();
            // Whoever is disposed of while this was read has no key any more, and is kept by nobody.
            if (mark.Weight <= Largest && keyring.Has(key.TenantId, KeyKind.Recording, key.OwnerId))
                shelf.Set(place, mark, new MemoryCacheEntryOptions { SlidingExpiration = IdleLimit, Size = mark.Weight });
            return mark;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        isDisposed = true;
        shelf.Dispose();
        foreach (var turn in turns)
            turn.Dispose();
    }

    private void Forget(Guid tenantId, KeyKind kind, Guid ownerId)
    {
        // A server that ends wipes its keys last.
        if (kind != KeyKind.Recording || isDisposed)
            return;
        foreach (var place in shelf.Keys.OfType<Place>().Where(place => place.TenantId == tenantId && place.RecordingId == ownerId).ToList())
            shelf.Remove(place);
    }

    private readonly record struct Place(Guid TenantId, Guid RecordingId, Guid LayoutId, string Tag, Guid? Signed);
}
