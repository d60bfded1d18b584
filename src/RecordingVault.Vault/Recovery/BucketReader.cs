using System.Runtime.CompilerServices;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Recovery;

/// <summary>
/// Reads a copy of a vault's bucket with the root key alone: no server, no database (P9). It writes nothing. Without the database's row the newest
/// manifest is taken for the committed one; an older one is never taken in its stead (sealed-format.md, opening a recording from a copy).
/// </summary>
public sealed class BucketReader : IAsyncDisposable
{
    private readonly IObjectStore objects;
    private readonly KeyFinder keys;

    internal BucketReader(IObjectStore objects)
    {
        this.objects = objects;
        keys = new KeyFinder(objects);
    }

    /// <summary>Throws <see cref="DirectoryNotFoundException"/> when there is no such folder.</summary>
    public static BucketReader OpenFolder(string directory) => new(FolderObjectStore.OpenReadOnly(directory));

    public IAsyncEnumerable<Guid> ListTenantsAsync(CancellationToken cancellationToken) => ListIdsAsync(ObjectNames.TenantsPrefix, cancellationToken);

    public IAsyncEnumerable<Guid> ListRecordingsAsync(Guid tenantId, CancellationToken cancellationToken) =>
        ListIdsAsync(ObjectNames.RecordingsPrefix(tenantId), cancellationToken);

    /// <summary>The caller disposes it. Throws <see cref="SealedFormatException"/>: missing, wrong key, or what is wrong with the newest manifest.</summary>
    public Task<RecoveredRecording> OpenRecordingAsync(RootKey root, Guid tenantId, Guid recordingId, CancellationToken cancellationToken) =>
        OpenRecordingAsync(root, tenantId, recordingId, null, cancellationToken);

    /// <summary>Whether this is the name of a sealed object in a vault's bucket.</summary>
    public static bool IsObjectName(string name) => ObjectNames.TryParseObject(name, out _, out _);

    /// <summary>
    /// Opens any one sealed object by its name in the bucket and streams its plaintext: header, commitment and last chunk are verified before
    /// anything is written. Throws <see cref="ArgumentException"/> for what is no name of a sealed object.
    /// </summary>
    public async Task<SealedHeader> OpenObjectAsync(RootKey root, string name, Stream destination, CancellationToken cancellationToken)
    {
        if (!ObjectNames.TryParseObject(name, out var place, out var sequence)) throw new ArgumentException("This is no name of a sealed object.", nameof(name));
        var objectName = ObjectName.Parse(name);
        if (sequence is not null) await CountedObjects.RequireWithinLimitAsync(objects, objectName, cancellationToken);
        using var owner = await keys.FindOwnerKeysAsync(root, place.Role.OwnerKind(), place.TenantId, place.OwnerId, cancellationToken);
        return await owner.TryEachAsync(key => LoneObject.CopyAsync(objects, objectName, key, place, destination, cancellationToken));
    }

    public ValueTask DisposeAsync() => objects.DisposeAsync();

    /// <summary>With the digest that a row or an audit event holds, an older or other manifest is found out.</summary>
    internal async Task<RecoveredRecording> OpenRecordingAsync(
        RootKey root, Guid tenantId, Guid recordingId, ReadOnlyMemory<byte>? digest, CancellationToken cancellationToken)
    {
        using var owner = await keys.FindOwnerKeysAsync(root, KeyKind.Recording, tenantId, recordingId, cancellationToken);
        var manifests = await CountedObjects.ListAsync(objects, tenantId, recordingId, ObjectRole.Manifest, cancellationToken);
        if (manifests.Count == 0) throw new SealedFormatException(FormatFailure.Missing, $"The recording {recordingId} has no manifest: its upload did not end.");

        var newest = manifests[^1];
        return await owner.TryEachAsync(async key =>
        {
            var manifest = await CountedObjects.OpenManifestAsync(objects, key, newest.ObjectId, newest.Sequence, digest, cancellationToken);
            var chainIsWhole = await ManifestChain.IsWholeAsync(objects, key, manifest, manifests, cancellationToken);
            var (card, cardFailure) = await OpenCardAsync(key, cancellationToken);
            return new RecoveredRecording(objects, key.Copy(), manifest, chainIsWhole) { Card = card, CardFailure = cardFailure };
        });
    }

    // Content never depends on the card: one that does not open is told, and keeps nothing back.
    private async Task<(Card? Card, FormatFailure? Failure)> OpenCardAsync(OwnerKey key, CancellationToken cancellationToken)
    {
        var cards = await CountedObjects.ListAsync(objects, key.TenantId, key.OwnerId, ObjectRole.Card, cancellationToken);
        if (cards.Count == 0) return (null, null);
        try
        {
            return (await CountedObjects.OpenCardAsync(objects, key, cards[^1].ObjectId, cards[^1].Sequence, cancellationToken), null);
        }
        catch (SealedFormatException refused)
        {
            return (null, refused.Failure);
        }
    }

    private async IAsyncEnumerable<Guid> ListIdsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var folder in objects.ListFoldersAsync(prefix, cancellationToken))
        {
            if (ObjectNames.TryId(folder, out var id)) yield return id;
        }
    }
}
