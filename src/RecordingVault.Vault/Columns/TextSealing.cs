using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Columns;

/// <summary>Version 1, generation (u32), nonce, padded text, tag. The padding hides a text's length up to the next multiple of 32.</summary>
internal static class TextSealing
{
    private const int NonceAt = 5;
    private const int TextAt = NonceAt + Xaes256Gcm.NonceLength;
    private const int FixedLength = TextAt + Xaes256Gcm.TagLength;
    private const int Padding = 32;
    private const int StackLimit = 512;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Seal(ColumnKey key, ColumnPlace place, string text)
    {
        Span<byte> nonce = stackalloc byte[Xaes256Gcm.NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return Seal(key, key.Generation, place, text, nonce);
    }

    public static string Open(ColumnKey key, ColumnPlace place, ReadOnlySpan<byte> bytes) => Open(key, key.Generation, place, bytes);

    /// <summary>Known answers give nonce and generation; nobody else may.</summary>
    internal static byte[] Seal(SecretKey key, uint generation, ColumnPlace place, string text, ReadOnlySpan<byte> nonce)
    {
        var textLength = StrictUtf8.GetByteCount(text);
        var paddedLength = checked((textLength / Padding * Padding) + Padding);
        var padded = paddedLength <= StackLimit ? stackalloc byte[paddedLength] : GC.AllocateUninitializedArray<byte>(paddedLength, pinned: true);
        Span<byte> columnKey = stackalloc byte[SecretKey.LengthInBytes];
        var bytes = new byte[FixedLength + paddedLength];
        try
        {
            StrictUtf8.GetBytes(text, padded);
            padded[textLength] = 0x80;
            padded[(textLength + 1)..].Clear();

            bytes[0] = 1;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), generation);
            nonce.CopyTo(bytes.AsSpan(NonceAt));
            key.Expand(Labels.Columns, columnKey);
            Xaes256Gcm.Seal(columnKey, nonce, padded, bytes.AsSpan(TextAt + paddedLength), place.AssociatedText());
            padded.CopyTo(bytes.AsSpan(TextAt));
            return bytes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
            CryptographicOperations.ZeroMemory(columnKey);
        }
    }

    internal static string Open(SecretKey key, uint generation, ColumnPlace place, ReadOnlySpan<byte> bytes)
    {
        CheckHead(generation, bytes);
        var paddedLength = bytes.Length - FixedLength;
        var padded = paddedLength <= StackLimit ? stackalloc byte[paddedLength] : GC.AllocateUninitializedArray<byte>(paddedLength, pinned: true);
        Span<byte> columnKey = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            key.Expand(Labels.Columns, columnKey);
            bytes[TextAt..^Xaes256Gcm.TagLength].CopyTo(padded);
            if (!Xaes256Gcm.TryOpen(columnKey, bytes[NonceAt..TextAt], padded, bytes[^Xaes256Gcm.TagLength..], place.AssociatedText()))
                throw new SealedFormatException(FormatFailure.Damaged, $"The sealed text of {place.TableColumn} was changed or belongs elsewhere.");
            return Unpad(padded, place);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
            CryptographicOperations.ZeroMemory(columnKey);
        }
    }

    private static void CheckHead(uint generation, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) throw new SealedFormatException(FormatFailure.BadLength, "There is no sealed text.");
        if (bytes[0] != 1) throw new SealedFormatException(FormatFailure.UnknownVersion, "The sealed text is of a version that this program does not know.");
        if (bytes.Length <= FixedLength || (bytes.Length - FixedLength) % Padding != 0)
            throw new SealedFormatException(FormatFailure.BadLength, "No text seals to this length.");
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) != generation)
            throw new SealedFormatException(FormatFailure.WrongGeneration, "The text is sealed under another generation of its key.");
    }

    private static string Unpad(ReadOnlySpan<byte> padded, ColumnPlace place)
    {
        var end = padded.LastIndexOfAnyExcept((byte)0);
        if (end < padded.Length - Padding || padded[end] != 0x80)
            throw new SealedFormatException(FormatFailure.BadPadding, $"The sealed text of {place.TableColumn} has no end.");
        try
        {
            return StrictUtf8.GetString(padded[..end]);
        }
        catch (DecoderFallbackException)
        {
            throw new SealedFormatException(FormatFailure.BadText, $"The sealed text of {place.TableColumn} is not UTF-8.");
        }
    }
}
