using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>Seals and puts. Every object gets an id, a salt and by that a key of its own: nothing is ever sealed twice under one of them.</summary>
internal sealed class ObjectWriter(IObjectStore objects, TimeProvider time)
{
    public void SealAhead(OwnerKey key, ObjectRole role, SegmentBuffer buffer)
    {
        BeginSealing(key, role, buffer);
        buffer.SealFullChunks();
    }

    public async Task<SegmentRef> PutSegmentAsync(OwnerKey key, ObjectRole role, SegmentBuffer buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0) throw new ArgumentException("A segment holds at least one byte: an empty asset has no segments.", nameof(buffer));
        buffer.Hold();
        try
        {
            var (place, salt, _) = BeginSealing(key, role, buffer);
            // Sealing four MiB takes milliseconds: on a pool thread, so that the caller receives the next bytes meanwhile. What was sealed ahead has little left.
            var sealedBytes = buffer.UnsealedLength <= SealedLayout.ChunkLength ? buffer.Seal() : await Task.Run(buffer.Seal, cancellationToken);
            await objects.PutAsync(ObjectNames.Object(place), sealedBytes, cancellationToken);
            return new SegmentRef(place.ObjectId, salt, buffer.Length);
        }
        finally
        {
            buffer.Release();
        }
    }

    public async Task<WholeObject> PutWholeAsync(OwnerKey key, ObjectRole role, Stream plaintext, CancellationToken cancellationToken)
    {
        var place = Place(key, role, NewObjectId());
        var salt = SealedHeader.NewSalt();
        await using var sealing = new SealingStream(plaintext, key, place, salt);
        await objects.PutAsync(ObjectNames.Object(place), sealing, cancellationToken);
        return new WholeObject(place.ObjectId, salt, sealing.PlaintextLength);
    }

    public async Task<ManifestCommit> PutManifestAsync(OwnerKey key, Manifest manifest, CancellationToken cancellationToken)
    {
        using var text = new WipedBytes();
        ManifestWriter.Write(manifest, text);
        RequireReadable(nameof(manifest), () => ManifestReader.Read(text.Span, key.TenantId, key.OwnerId, manifest.Sequence));
        var place = Place(key, ObjectRole.Manifest, NewObjectId());
        var digest = await PutCountedAsync(key, place, manifest.Sequence, text, cancellationToken);
        return new ManifestCommit(place.ObjectId, manifest.Sequence, digest);
    }

    public async Task PutCardAsync(OwnerKey key, Card card, long sequence, CancellationToken cancellationToken)
    {
        using var text = new WipedBytes();
        ManifestWriter.Write(card, sequence, text);
        RequireReadable(nameof(card), () => CardReader.Read(text.Span, key.TenantId, key.OwnerId, sequence));
        await PutCountedAsync(key, Place(key, ObjectRole.Card, NewObjectId()), sequence, text, cancellationToken);
    }

    public static SealedHeader Place(OwnerKey key, ObjectRole role, Guid objectId)
    {
        RequireKind(key, role);
        return new SealedHeader(role, key.TenantId, key.OwnerId, objectId);
    }

    public static void RequireKind(OwnerKey key, ObjectRole role)
    {
        if (key.Kind != role.OwnerKind()) throw new ArgumentException($"A key of kind {key.Kind} seals no objects of role {role}.", nameof(key));
    }

    private SegmentSealing BeginSealing(OwnerKey key, ObjectRole role, SegmentBuffer buffer)
    {
        if (buffer.Sealing is not { } begun)
        {
            begun = new SegmentSealing(Place(key, role, NewObjectId()), SealedHeader.NewSalt(), key.Id);
            buffer.BeginSealing(key, begun);
        }
        else if (begun.Place.Role != role || begun.KeyId != key.Id)
        {
            throw new ArgumentException("The segment is being sealed as something else.", nameof(role));
        }
        return begun;
    }

    private Guid NewObjectId() => Guid.CreateVersion7(time.GetUtcNow());

    private async Task<byte[]> PutCountedAsync(OwnerKey key, SealedHeader place, long sequence, WipedBytes text, CancellationToken cancellationToken)
    {
        if (SealedLayout.SealedLength(text.Length) > CountedObjects.MaxSealedLength)
            throw new SealedFormatException(FormatFailure.OverLimit, "What a recording consists of is more than one manifest can say.");
        var sealedBytes = Seal(key, place, text);
        await objects.PutAsync(ObjectNames.Counted(place, sequence), sealedBytes, cancellationToken);
        return SHA256.HashData(sealedBytes);
    }

    // Chunk by chunk into the array that is stored, which never holds plaintext: sealing happens where the text lies.
    private static byte[] Seal(OwnerKey key, SealedHeader place, WipedBytes text)
    {
        var sealedBytes = new byte[SealedLayout.SealedLength(text.Length)];
        place.WriteKeyed(SealedHeader.NewSalt(), sealedBytes);
        using var cipher = ObjectKey.DeriveAndCommit(key, sealedBytes.AsSpan(0, SealedLayout.HeaderLength));
        var chunks = SealedLayout.ChunkCount(text.Length);
        for (long chunk = 0; chunk < chunks; chunk++)
        {
            var length = SealedLayout.ChunkPlaintextLength(text.Length, chunk);
            var plaintext = text.Span.Slice((int)(chunk * SealedLayout.ChunkLength), length);
            var target = sealedBytes.AsSpan((int)SealedLayout.ChunkOffset(chunk), length + SealedLayout.TagLength);
            cipher.Seal(chunk, chunk == chunks - 1, plaintext, target[length..]);
            plaintext.CopyTo(target);
        }
        return sealedBytes;
    }

    // The strict reader is the one judge of what may be written, too.
    private static void RequireReadable(string name, Func<object> read)
    {
        try
        {
            read();
        }
        catch (SealedFormatException problem)
        {
            throw new ArgumentException($"No reader would take this: {problem.Message}", name, problem);
        }
    }
}
