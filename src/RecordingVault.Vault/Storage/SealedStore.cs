using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// The one way in and out of storage (P2): what goes in is sealed, what comes out was verified. Safe to use from many tasks at once.
/// Reading throws <see cref="SealedFormatException"/> when what lies in the store is not what was put there.
/// </summary>
public sealed class SealedStore : IAsyncDisposable
{
    private const int MaxRentedSegments = 64;
    private const int MaxIdleSegments = 16;

    private readonly IObjectStore objects;
    private readonly ObjectWriter writer;
    private readonly SegmentPool segments = new(MaxRentedSegments, MaxIdleSegments);

    internal SealedStore(IObjectStore objects, TimeProvider time)
    {
        this.objects = objects;
        writer = new ObjectWriter(objects, time);
    }

    /// <summary>How many segments are worth asking for, or sending, beyond the one at hand: none where the store answers at once.</summary>
    public int SegmentsAhead => objects.SegmentsAhead;

    /// <summary>Opens a folder as a store, makes it where there is none, and sweeps what a crash left half-written.</summary>
    public static SealedStore OpenFolder(string directory) => new(FolderObjectStore.Open(directory), TimeProvider.System);

    /// <summary>Opens a store, and reads from a former one what was not moved yet (<see cref="Moving"/>).</summary>
    public static SealedStore Open(StoreLocation location, StoreLocation? former = null)
    {
        var store = location.Open(TimeProvider.System);
        if (former is null) return new SealedStore(store, TimeProvider.System);
        var before = former.Open(TimeProvider.System);
        return new SealedStore(new JoinedObjectStore(store, before), TimeProvider.System) { Moving = new StoreMoving(store, before) };
    }

    /// <summary>Brings over what lies in a former store; null where none was named.</summary>
    public StoreMoving? Moving { get; private init; }

    /// <summary>
    /// Room for a segment. All rented room together is bounded (256 MiB): when it is all out, this waits until some is disposed.
    /// </summary>
    public ValueTask<SegmentBuffer> RentSegmentAsync(CancellationToken cancellationToken) => segments.RentAsync(cancellationToken);

    /// <summary>
    /// Seals what the buffer holds already, but for its last chunk, which may still grow: less to do, and less to read in memory, while the rest comes.
    /// From now on it can only be put under the same key and role.
    /// </summary>
    public void SealAhead(OwnerKey key, ObjectRole role, SegmentBuffer buffer) => writer.SealAhead(key, role, buffer);

    /// <summary>Seals the buffer in place under a new object id and salt. Durable when it returns. The buffer takes nothing more: dispose it, at any time.</summary>
    public Task<SegmentRef> PutSegmentAsync(OwnerKey key, ObjectRole role, SegmentBuffer buffer, CancellationToken cancellationToken) =>
        writer.PutSegmentAsync(key, role, buffer, cancellationToken);

    /// <summary>Appends a segment's plaintext to a buffer: the tail of an upload that goes on. On failure the buffer is as it was.</summary>
    public async Task ReadSegmentAsync(OwnerKey key, ObjectRole role, SegmentRef segment, SegmentBuffer into, CancellationToken cancellationToken)
    {
        if (into.Length + segment.PlaintextLength > SegmentBuffer.Capacity) throw new ArgumentException("The segment does not fit into what is left of the buffer.", nameof(into));
        if (into.Sealing is not null) throw new ArgumentException("The buffer is being sealed: what could not be read to its end could not be taken out of it again.", nameof(into));
        var asset = new ManifestAsset(Guid.Empty, role, "", segment.PlaintextLength, [segment]);
        var before = into.Length;
        try
        {
            using var reader = OpenAsset(key, key.TenantId, key.OwnerId, asset);
            await using var range = await reader.OpenRangeAsync(0, reader.Length, cancellationToken);
            await range.CopyToAsync(new SegmentBufferStream(into), cancellationToken);
        }
        catch
        {
            into.Truncate(before);
            throw;
        }
    }

    /// <summary>Seals a stretch of an asset anew under another owner's key: at most one segment of it. Every byte was verified before it is sealed again.</summary>
    /// <param name="offset">Where in the asset it begins, in bytes.</param>
    /// <param name="length">1 to <see cref="SegmentBuffer.Capacity"/> bytes.</param>
    public async Task<SegmentRef> CopySegmentAsync(AssetReader asset, long offset, int length, OwnerKey to, ObjectRole role, CancellationToken cancellationToken)
    {
        using var buffer = await RentSegmentAsync(cancellationToken);
        await using (var range = await asset.OpenRangeAsync(offset, length, cancellationToken))
            await range.CopyToAsync(new SegmentBufferStream(buffer), cancellationToken);
        return await PutSegmentAsync(to, role, buffer, cancellationToken);
    }

    /// <summary>Reads a segment alone, as it lies there, and verifies header, key, length and every chunk. Throws <see cref="SealedFormatException"/> when it is not what was put.</summary>
    public async Task VerifySegmentAsync(OwnerKey key, ObjectRole role, SegmentRef segment, CancellationToken cancellationToken)
    {
        var place = ObjectWriter.Place(key, role, segment.ObjectId);
        var name = ObjectNames.Object(place);
        if (await objects.FindAsync(name, cancellationToken) is { } found && found.LengthInBytes != SealedLayout.SealedLength(segment.PlaintextLength))
            throw new SealedFormatException(FormatFailure.BadLength, $"{name} has another length than its manifest says.");
        await LoneObject.CopyAsync(objects, name, key, place, Stream.Null, cancellationToken);
    }

    /// <summary>Deletes one object that is not counted (no manifest, no card). That it is not there is fine.</summary>
    public Task DeleteSegmentAsync(Guid tenantId, Guid ownerId, ObjectRole role, Guid objectId, CancellationToken cancellationToken) =>
        objects.DeleteAsync(ObjectNames.Object(new SealedHeader(role, tenantId, ownerId, objectId)), cancellationToken);

    /// <summary>Deletes an object that a listing named.</summary>
    public Task DeleteAsync(StoredObjectName name, CancellationToken cancellationToken) => objects.DeleteAsync(ObjectName.Parse(name.Name), cancellationToken);

    /// <summary>Deletes many that a listing named, with few requests. When it throws, some may be gone.</summary>
    public Task DeleteAsync(IReadOnlyCollection<StoredObjectName> names, CancellationToken cancellationToken) =>
        objects.DeleteAsync([.. names.Select(name => ObjectName.Parse(name.Name))], cancellationToken);

    /// <summary>A small derived thing, 1 byte to 4 MiB, as one segment.</summary>
    public async Task<SegmentRef> PutObjectAsync(OwnerKey key, ObjectRole role, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        using var buffer = await RentSegmentAsync(cancellationToken);
        buffer.Append(plaintext.Span);
        return await PutSegmentAsync(key, role, buffer, cancellationToken);
    }

    /// <summary>A thing of unknown length that a manifest will list, cut into segments as it flows.</summary>
    public async Task<ManifestAsset> PutAssetAsync(OwnerKey key, Guid assetId, ObjectRole role, string mediaType, Stream plaintext, CancellationToken cancellationToken)
    {
        List<SegmentRef> refs = [];
        while (true)
        {
            using var buffer = await RentSegmentAsync(cancellationToken);
            while (!buffer.IsFull && await plaintext.ReadAsync(buffer.GetMemory(), cancellationToken) is var count and > 0) buffer.Advance(count);
            var isEnd = !buffer.IsFull;
            if (buffer.Length > 0) refs.Add(await PutSegmentAsync(key, role, buffer, cancellationToken));
            if (isEnd) return new ManifestAsset(assetId, role, mediaType, refs.Sum(segment => (long)segment.PlaintextLength), refs);
        }
    }

    /// <summary>One whole object of unknown length, at most 64 GiB, that no manifest lists: an export package, a piece of evidence.</summary>
    public Task<WholeObject> PutWholeAsync(OwnerKey key, ObjectRole role, Stream plaintext, CancellationToken cancellationToken) =>
        writer.PutWholeAsync(key, role, plaintext, cancellationToken);

    /// <summary>Opens such an object alone and streams it out.</summary>
    public Task CopyWholeAsync(OwnerKey key, ObjectRole role, Guid objectId, Stream destination, CancellationToken cancellationToken)
    {
        var place = ObjectWriter.Place(key, role, objectId);
        return LoneObject.CopyAsync(objects, ObjectNames.Object(place), key, place, destination, cancellationToken);
    }

    /// <summary>Durable when it returns, and committed when the row holds what it returns. Refuses what no reader would take.</summary>
    public Task<ManifestCommit> PutManifestAsync(OwnerKey key, Manifest manifest, CancellationToken cancellationToken) =>
        writer.PutManifestAsync(key, manifest, cancellationToken);

    /// <summary>Opens exactly the committed manifest and no other.</summary>
    public Task<Manifest> OpenManifestAsync(OwnerKey key, ManifestCommit commit, CancellationToken cancellationToken) =>
        CountedObjects.OpenManifestAsync(objects, key, commit.ObjectId, commit.Sequence, commit.Digest, cancellationToken);

    /// <summary>Writes what `recover` needs beside content, under the next number of the recording's cards.</summary>
    public Task PutCardAsync(OwnerKey key, Card card, long sequence, CancellationToken cancellationToken) =>
        writer.PutCardAsync(key, card, sequence, cancellationToken);

    /// <summary>Puts a key object under its name. Wraps of signing and Data Protection keys have none.</summary>
    public Task PutKeyAsync(WrappedKey wrap, CancellationToken cancellationToken) =>
        objects.PutAsync(ObjectName.Parse(wrap.ObjectName), wrap.Bytes, cancellationToken);

    /// <summary>Whether the key object is there, by its name alone.</summary>
    public async Task<bool> HasKeyAsync(WrappedKey wrap, CancellationToken cancellationToken) => await objects.FindAsync(ObjectName.Parse(wrap.ObjectName), cancellationToken) is not null;

    public Task DeleteKeyAsync(WrappedKey wrap, CancellationToken cancellationToken) => objects.DeleteAsync(ObjectName.Parse(wrap.ObjectName), cancellationToken);

    /// <summary>Whether a wrap of a recording's key is left in the store.</summary>
    public Task<bool> HasRecordingKeysAsync(Guid tenantId, Guid recordingId, CancellationToken cancellationToken) =>
        KeyObjects.AnyAsync(objects, $"{ObjectNames.OwnerPrefix(KeyKind.Recording, tenantId, recordingId)}key/", cancellationToken);

    /// <summary>
    /// Deletes whatever lies where a recording's key objects lie, by the name it was listed under and without reading it, and looks again until nothing does.
    /// Throws <see cref="IOException"/> when something is there after all.
    /// </summary>
    public Task DeleteRecordingKeysAsync(Guid tenantId, Guid recordingId, CancellationToken cancellationToken) =>
        KeyObjects.DeleteAllAsync(objects, $"{ObjectNames.OwnerPrefix(KeyKind.Recording, tenantId, recordingId)}key/", cancellationToken);

    /// <summary>The same of a contact, under which nothing lies but its key objects.</summary>
    public Task DeleteContactKeysAsync(Guid tenantId, Guid contactId, CancellationToken cancellationToken) =>
        KeyObjects.DeleteAllAsync(objects, $"{ObjectNames.OwnerPrefix(KeyKind.Contact, tenantId, contactId)}key/", cancellationToken);

    /// <summary>Contacts of a tenant of which a key object is there; each once, in no order.</summary>
    public async IAsyncEnumerable<Guid> ListContactIdsAsync(Guid tenantId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var folder in objects.ListFoldersAsync(ObjectNames.ContactsPrefix(tenantId), cancellationToken))
        {
            if (ObjectNames.TryId(folder, out var contactId)) yield return contactId;
        }
    }

    /// <summary>Deletes all that lies under an export: its key objects first, then whatever was sealed under them, also what a crash left behind.</summary>
    public Task DeleteExportAsync(Guid tenantId, Guid exportId, CancellationToken cancellationToken) => DeleteOwnerAsync(KeyKind.Export, tenantId, exportId, cancellationToken);

    /// <summary>The same of a piece of evidence.</summary>
    public Task DeleteEvidenceAsync(Guid tenantId, Guid evidenceId, CancellationToken cancellationToken) => DeleteOwnerAsync(KeyKind.Evidence, tenantId, evidenceId, cancellationToken);

    private async Task DeleteOwnerAsync(KeyKind kind, Guid tenantId, Guid ownerId, CancellationToken cancellationToken)
    {
        var prefix = ObjectNames.OwnerPrefix(kind, tenantId, ownerId);
        await KeyObjects.DeleteAllAsync(objects, $"{prefix}key/", cancellationToken);
        List<ObjectName> found = [];
        await foreach (var one in objects.ListAsync(prefix, cancellationToken)) found.Add(one.Name);
        await objects.DeleteAsync(found, cancellationToken);
    }

    /// <summary>The wraps below a prefix (empty, or ending with a slash). A key object that is no wrap throws.</summary>
    public IAsyncEnumerable<WrappedKey> ListKeysAsync(string prefix, CancellationToken cancellationToken) => KeyObjects.ListAsync(objects, prefix, cancellationToken);

    /// <summary>Whether anything of any tenant is there.</summary>
    public Task<bool> HoldsTenantsAsync(CancellationToken cancellationToken) => KeyObjects.AnyAsync(objects, ObjectNames.TenantsPrefix, cancellationToken);

    /// <summary>The sealed objects of one recording, in no order, without its key objects: for sweeps and disposal.</summary>
    public async IAsyncEnumerable<StoredObjectName> ListRecordingAsync(Guid tenantId, Guid recordingId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in objects.ListAsync(ObjectNames.OwnerPrefix(KeyKind.Recording, tenantId, recordingId), cancellationToken))
        {
            if (ObjectNames.TryParseObject(found.Name.Value, out var place, out var sequence))
                yield return new StoredObjectName(found.Name.Value, place.Role, place.TenantId, place.OwnerId, place.ObjectId, sequence, found.LengthInBytes, found.LastModified);
        }
    }

    /// <summary>Recordings of a tenant of which anything is there, a key object alone too; each once, in no order.</summary>
    public IAsyncEnumerable<Guid> ListRecordingIdsAsync(Guid tenantId, CancellationToken cancellationToken) => ListIdsAsync(ObjectNames.RecordingsPrefix(tenantId), cancellationToken);

    /// <summary>The same of pieces of evidence.</summary>
    public IAsyncEnumerable<Guid> ListEvidenceIdsAsync(Guid tenantId, CancellationToken cancellationToken) => ListIdsAsync(ObjectNames.EvidencePrefix(tenantId), cancellationToken);

    private async IAsyncEnumerable<Guid> ListIdsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var folder in objects.ListFoldersAsync(prefix, cancellationToken))
        {
            if (ObjectNames.TryId(folder, out var id)) yield return id;
        }
    }

    /// <summary>Whether key objects, all of them put before a time, are everything that stands under a recording, a contact or a piece of evidence. False where nothing does.</summary>
    public async Task<bool> HoldsOldKeysOnlyAsync(KeyKind kind, Guid tenantId, Guid ownerId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var holdsKeys = false;
        await foreach (var found in objects.ListAsync(ObjectNames.OwnerPrefix(kind, tenantId, ownerId), cancellationToken))
        {
            if (found.LastModified >= before || !ObjectNames.TryParseKey(found.Name.Value, out _)) return false;
            holdsKeys = true;
        }
        return holdsKeys;
    }

    /// <summary>
    /// Opens an asset for reading through its manifest; copies the key. The manifest was verified when it was opened: hand in an asset of one.
    /// </summary>
    public AssetReader OpenAsset(OwnerKey key, Guid tenantId, Guid recordingId, ManifestAsset asset)
    {
        if (key.TenantId != tenantId || key.OwnerId != recordingId) throw new ArgumentException("The key belongs to another tenant or owner than the asset.", nameof(key));
        ObjectWriter.RequireKind(key, asset.Role);
        return new AssetReader(objects, key.Copy(), asset);
    }

    /// <summary>Whether the store takes, gives back and deletes an object. Throws <see cref="IOException"/> when it does not.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse($"v/check/{Guid.NewGuid()}");
        var bytes = RandomNumberGenerator.GetBytes(16);
        await objects.PutAsync(name, bytes, cancellationToken);
        try
        {
            var read = new byte[bytes.Length];
            await using var stream = await objects.OpenReadAsync(name, 0, read.Length, cancellationToken);
            var count = await stream.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, cancellationToken);
            if (count != read.Length || !read.AsSpan().SequenceEqual(bytes)) throw new IOException("The store gave back other bytes than were put.");
        }
        finally
        {
            await RemoveProbeAsync(name);
        }
    }

    /// <summary>Whether the store answers now, without leaving anything in it: asked often. Throws <see cref="IOException"/> when not.</summary>
    public Task ReachAsync(CancellationToken cancellationToken) => objects.ReachAsync(cancellationToken);

    /// <summary>Tries everything that the vault needs of its store, with some 20 MiB of its own that are taken away again.</summary>
    /// <exception cref="ObjectStoreException">It does not answer, or refuses.</exception>
    public Task<StoreExamination> ExamineAsync(CancellationToken cancellationToken) => new StoreExaminer(objects, TimeProvider.System).RunAsync(cancellationToken);

    private async Task RemoveProbeAsync(ObjectName name)
    {
        try
        {
            // Also when the check was cancelled: the probe is ours to remove.
            await objects.DeleteAsync(name, CancellationToken.None);
        }
        catch (ObjectStoreException refused) when (refused.Failure == StoreFailure.Refused)
        {
            // A bucket with a default retention keeps it for a while. `doctor` says what follows from that.
        }
    }

    public ValueTask DisposeAsync() => objects.DisposeAsync();
}
