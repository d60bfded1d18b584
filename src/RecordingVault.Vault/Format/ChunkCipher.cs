using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Format;

/// <summary>
/// Seals and opens the chunks of one object in STREAM order: the nonce is the chunk's number and whether it is the last one, so chunks can't be
/// reordered, dropped or added. One per object and per task: AesGcm is not safe to share between threads.
/// </summary>
internal sealed class ChunkCipher(ReadOnlySpan<byte> objectKey) : IDisposable
{
    private const int NonceLength = 12;

    private readonly AesGcm aes = new(objectKey, SealedLayout.TagLength);

    /// <summary>Seals in place. Each number is sealed once for each key, ever.</summary>
    public void Seal(long chunkIndex, bool isLast, Span<byte> text, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(chunkIndex, isLast, nonce);
        aes.Encrypt(nonce, text, text, tag);
    }

    /// <summary>
    /// Opens one sealed chunk (ciphertext and tag) into <paramref name="text"/>, which may be the ciphertext itself.
    /// When the tag does not fit, the text is wiped and <see cref="FormatFailure.Damaged"/> thrown.
    /// </summary>
    public void Open(long chunkIndex, bool isLast, ReadOnlySpan<byte> sealedChunk, Span<byte> text)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(chunkIndex, isLast, nonce);
        try
        {
            aes.Decrypt(nonce, sealedChunk[..^SealedLayout.TagLength], sealedChunk[^SealedLayout.TagLength..], text);
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(text);
            throw new SealedFormatException(FormatFailure.Damaged, $"Chunk {chunkIndex} is damaged.");
        }
    }

    public void Dispose() => aes.Dispose();

    private static void WriteNonce(long chunkIndex, bool isLast, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], chunkIndex);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}
