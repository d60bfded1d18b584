using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Reads an object alone, as sealed-format.md says: header before any key work, place, commitment, then the last chunk before any other leaves.
/// </summary>
internal static class LoneObject
{
    private const int ChunksARead = 16;
    private static readonly PinnedPool Buffers = new(ChunksARead * SealedLayout.SealedChunkLength, maxIdle: 8);

    /// <summary>A manifest or card: small, wanted whole. What is longer than the limit is refused before it is read.</summary>
    public static async Task<WipedBytes> OpenSmallAsync(
        IObjectStore store, ObjectName name, SecretKey ownerKey, SealedHeader place, long maxSealedLength, ReadOnlyMemory<byte>? digest, CancellationToken cancellationToken)
    {
        var sealedLength = await RequireLengthAsync(store, name, cancellationToken);
        if (sealedLength > maxSealedLength) throw new SealedFormatException(FormatFailure.OverLimit, $"{name} is longer than its kind may be.");

        var bytes = new WipedBytes((int)sealedLength);
        try
        {
            await using (var stream = await store.OpenReadAsync(name, 0, sealedLength, cancellationToken))
            {
                if (await stream.ReadAtLeastAsync(bytes.Memory, bytes.Length, throwOnEndOfStream: false, cancellationToken) < bytes.Length)
                    throw new SealedFormatException(FormatFailure.BadLength, $"{name} became shorter while it was read.");
            }
            if (digest is { } expected && !CryptographicOperations.FixedTimeEquals(SHA256.HashData(bytes.Span), expected.Span))
                throw new SealedFormatException(FormatFailure.WrongDigest, $"{name} is not the one that was committed.");
            return Open(bytes.Span, ownerKey, place);
        }
        finally
        {
            bytes.Dispose();
        }
    }

    /// <summary>Opens a whole object that lies in memory.</summary>
    public static WipedBytes Open(ReadOnlySpan<byte> sealedBytes, SecretKey ownerKey, SealedHeader? place)
    {
        var header = SealedHeader.Parse(sealedBytes);
        var length = RequirePlaintextLength(sealedBytes.Length);
        if (place is { } expected) header.RequirePlace(expected);
        using var cipher = ObjectKey.DeriveAndCheck(ownerKey, sealedBytes[..SealedLayout.HeaderLength]);
        var plaintext = new WipedBytes((int)length);
        try
        {
            var last = SealedLayout.ChunkCount(length) - 1;
            OpenChunk(sealedBytes, cipher, last, true, plaintext.Span);
            for (long chunk = 0; chunk < last; chunk++) OpenChunk(sealedBytes, cipher, chunk, false, plaintext.Span);
            return plaintext;
        }
        catch (SealedFormatException)
        {
            plaintext.Dispose();
            throw;
        }
    }

    /// <summary>Streams the plaintext of an object of any size. Without a place, the header is believed; the key must be its owner's all the same.</summary>
    public static async Task<SealedHeader> CopyAsync(
        IObjectStore store, ObjectName name, SecretKey ownerKey, SealedHeader? place, Stream destination, CancellationToken cancellationToken)
    {
        var sealedLength = await RequireLengthAsync(store, name, cancellationToken);
        var buffer = Buffers.Rent();
        try
        {
            var headerBytes = buffer.AsMemory(0, SealedLayout.HeaderLength);
            await ReadAsync(store, name, 0, headerBytes, cancellationToken);
            var header = SealedHeader.Parse(headerBytes.Span[..(int)Math.Min(headerBytes.Length, sealedLength)]);
            var length = RequirePlaintextLength(sealedLength);
            if (place is { } expected) header.RequirePlace(expected);
            using var cipher = ObjectKey.DeriveAndCheck(ownerKey, headerBytes.Span);

            await VerifyLastAsync(store, name, cipher, length, buffer, cancellationToken);
            await CopyChunksAsync(store, name, cipher, length, buffer, destination, cancellationToken);
            return header;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            Buffers.Return(buffer);
        }
    }

    private static async Task VerifyLastAsync(IObjectStore store, ObjectName name, ChunkCipher cipher, long length, byte[] buffer, CancellationToken cancellationToken)
    {
        var last = SealedLayout.ChunkCount(length) - 1;
        var plaintextLength = SealedLayout.ChunkPlaintextLength(length, last);
        var chunk = buffer.AsMemory(0, plaintextLength + SealedLayout.TagLength);
        await ReadAsync(store, name, SealedLayout.ChunkOffset(last), chunk, cancellationToken);
        cipher.Open(last, true, chunk.Span, chunk.Span[..plaintextLength]);
    }

    private static async Task CopyChunksAsync(
        IObjectStore store, ObjectName name, ChunkCipher cipher, long length, byte[] buffer, Stream destination, CancellationToken cancellationToken)
    {
        var chunks = SealedLayout.ChunkCount(length);
        await using var stream = await store.OpenReadAsync(name, SealedLayout.HeaderLength, SealedLayout.SealedLength(length) - SealedLayout.HeaderLength, cancellationToken);
        for (long first = 0; first < chunks; first += ChunksARead)
        {
            var count = (int)Math.Min(ChunksARead, chunks - first);
            var end = Math.Min(length, (first + count) * SealedLayout.ChunkLength);
            var window = buffer.AsMemory(0, (int)(end - (first * SealedLayout.ChunkLength)) + (count * SealedLayout.TagLength));
            if (await stream.ReadAtLeastAsync(window, window.Length, throwOnEndOfStream: false, cancellationToken) < window.Length)
                throw new SealedFormatException(FormatFailure.BadLength, $"{name} became shorter while it was read.");
            for (var i = 0; i < count; i++)
            {
                var plaintextLength = SealedLayout.ChunkPlaintextLength(length, first + i);
                var chunk = window.Slice(i * SealedLayout.SealedChunkLength, plaintextLength + SealedLayout.TagLength);
                cipher.Open(first + i, first + i == chunks - 1, chunk.Span, chunk.Span[..plaintextLength]);
                await destination.WriteAsync(chunk[..plaintextLength], cancellationToken);
            }
        }
    }

    private static void OpenChunk(ReadOnlySpan<byte> sealedBytes, ChunkCipher cipher, long chunk, bool isLast, Span<byte> plaintext)
    {
        var text = plaintext[(int)(chunk * SealedLayout.ChunkLength)..];
        text = text[..Math.Min(SealedLayout.ChunkLength, text.Length)];
        cipher.Open(chunk, isLast, sealedBytes.Slice((int)SealedLayout.ChunkOffset(chunk), text.Length + SealedLayout.TagLength), text);
    }

    private static long RequirePlaintextLength(long sealedLength) => SealedLayout.TryPlaintextLength(sealedLength, out var length)
        ? length
        : throw new SealedFormatException(FormatFailure.BadLength, $"No plaintext seals to {sealedLength} bytes.");

    private static async Task<long> RequireLengthAsync(IObjectStore store, ObjectName name, CancellationToken cancellationToken) =>
        (await store.FindAsync(name, cancellationToken))?.LengthInBytes ?? throw new SealedFormatException(FormatFailure.Missing, $"There is no object {name}.");

    // What is shorter than the header leaves zeros behind it, which no header begins with; all other lengths were checked before.
    private static async Task ReadAsync(IObjectStore store, ObjectName name, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        into.Span.Clear();
        await using var stream = await store.OpenReadAsync(name, offset, into.Length, cancellationToken);
        _ = await stream.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken);
    }
}
