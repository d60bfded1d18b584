using System.Security.Cryptography;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Format;

/// <summary>Makes the one cipher of one sealed object from its owner's key, its salt and all that its header says.</summary>
internal static class ObjectKey
{
    /// <summary>For writers and for readers through a manifest, which have no header to check.</summary>
    public static ChunkCipher Derive(SecretKey ownerKey, ReadOnlySpan<byte> keyedHeader)
    {
        Span<byte> pseudorandomKey = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            ownerKey.Extract(keyedHeader[SealedHeader.Salt], pseudorandomKey);
            return MakeCipher(pseudorandomKey, keyedHeader);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pseudorandomKey);
        }
    }

    /// <summary>Completes a header with its commitment.</summary>
    public static ChunkCipher DeriveAndCommit(SecretKey ownerKey, Span<byte> header)
    {
        Span<byte> pseudorandomKey = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            var keyedHeader = header[..SealedHeader.KeyedLength];
            ownerKey.Extract(keyedHeader[SealedHeader.Salt], pseudorandomKey);
            Expand(pseudorandomKey, Labels.ObjectCommitment, keyedHeader, header[SealedHeader.Commitment]);
            return MakeCipher(pseudorandomKey, keyedHeader);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pseudorandomKey);
        }
    }

    /// <summary>For readers of an object alone: the commitment is compared before the cipher is made.</summary>
    public static ChunkCipher DeriveAndCheck(SecretKey ownerKey, ReadOnlySpan<byte> header)
    {
        Span<byte> pseudorandomKey = stackalloc byte[SecretKey.LengthInBytes];
        Span<byte> commitment = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            var keyedHeader = header[..SealedHeader.KeyedLength];
            ownerKey.Extract(keyedHeader[SealedHeader.Salt], pseudorandomKey);
            Expand(pseudorandomKey, Labels.ObjectCommitment, keyedHeader, commitment);
            if (!CryptographicOperations.FixedTimeEquals(commitment, header[SealedHeader.Commitment]))
                throw new SealedFormatException(FormatFailure.WrongKey, "The object was sealed under another key, or its header was changed.");
            return MakeCipher(pseudorandomKey, keyedHeader);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pseudorandomKey);
        }
    }

    private static ChunkCipher MakeCipher(ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> keyedHeader)
    {
        Span<byte> objectKey = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            Expand(pseudorandomKey, Labels.ObjectKey, keyedHeader, objectKey);
            return new ChunkCipher(objectKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(objectKey);
        }
    }

    internal static void Expand(ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> keyedHeader, Span<byte> output)
    {
        Span<byte> context = stackalloc byte[label.Length + SealedHeader.KeyedLength];
        label.CopyTo(context);
        keyedHeader.CopyTo(context[label.Length..]);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, output, context);
    }
}
