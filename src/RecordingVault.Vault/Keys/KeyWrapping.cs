using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// Seals one key under another. The nonce is random (192 bits, so never twice under one key); the commitment is compared first, so a wrong key
/// and a damaged wrap are told apart and no wrap opens under two keys.
/// </summary>
internal static class KeyWrapping
{
    public static WrappedKey Wrap(SecretKey wrapping, KeyKind kind, Guid tenantId, Guid ownerId, SecretKey key)
    {
        Span<byte> nonce = stackalloc byte[Xaes256Gcm.NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return Wrap(wrapping, kind, tenantId, ownerId, key, nonce);
    }

    /// <summary>Known answers give the nonce; nobody else may.</summary>
    internal static WrappedKey Wrap(SecretKey wrapping, KeyKind kind, Guid tenantId, Guid ownerId, SecretKey key, ReadOnlySpan<byte> nonce)
    {
        var bytes = new byte[WrapLayout.TotalLength];
        WriteHead(bytes, kind, wrapping.Id, tenantId, ownerId, key.Id);
        nonce.CopyTo(bytes.AsSpan(WrapLayout.Nonce));
        Commit(wrapping, bytes, bytes.AsSpan(WrapLayout.Commitment));

        Span<byte> cipherKey = stackalloc byte[SecretKey.LengthInBytes];
        Span<byte> secret = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            wrapping.Expand(Labels.Wrap, cipherKey);
            key.CopyTo(secret);
            // Sealed on the stack and copied afterwards: the array, which may move, never holds the key in clear.
            Xaes256Gcm.Seal(cipherKey, nonce, secret, bytes.AsSpan(WrapLayout.Tag), bytes.AsSpan(0, WrapLayout.HeadLength));
            secret.CopyTo(bytes.AsSpan(WrapLayout.Ciphertext));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(cipherKey);
            CryptographicOperations.ZeroMemory(secret);
        }
        return WrappedKey.Parse(bytes);
    }

    /// <summary>Puts the 32 wrapped bytes into <paramref name="secret"/>, which the caller wipes.</summary>
    public static void Open(SecretKey wrapping, WrappedKey wrap, Span<byte> secret)
    {
        if (wrap.WrappingKeyId != wrapping.Id)
            throw new SealedFormatException(FormatFailure.WrongKey, $"The key {wrap.KeyId} is wrapped by {wrap.WrappingKeyId}, not by {wrapping.Id}.");

        var bytes = wrap.Bytes.Span;
        Span<byte> commitment = stackalloc byte[WrapLayout.CommitmentLength];
        Commit(wrapping, bytes, commitment);
        if (!CryptographicOperations.FixedTimeEquals(commitment, bytes[WrapLayout.Commitment]))
            throw new SealedFormatException(FormatFailure.WrongKey, $"The wrap of key {wrap.KeyId} was made under another key, or its head was changed.");

        Span<byte> cipherKey = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            wrapping.Expand(Labels.Wrap, cipherKey);
            bytes[WrapLayout.Ciphertext].CopyTo(secret);
            if (!Xaes256Gcm.TryOpen(cipherKey, bytes[WrapLayout.Nonce], secret, bytes[WrapLayout.Tag], bytes[..WrapLayout.HeadLength]))
                throw new SealedFormatException(FormatFailure.Damaged, $"The wrap of key {wrap.KeyId} is damaged.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(cipherKey);
        }
    }

    private static void WriteHead(Span<byte> bytes, KeyKind kind, Guid wrappingKeyId, Guid tenantId, Guid ownerId, Guid keyId)
    {
        WrapLayout.Magic.CopyTo(bytes);
        bytes[4] = 1;
        bytes[5] = 1;
        bytes[6] = (byte)kind;
        bytes[7] = 0;
        wrappingKeyId.TryWriteBytes(bytes[WrapLayout.WrappingKeyId], bigEndian: true, out _);
        tenantId.TryWriteBytes(bytes[WrapLayout.TenantId], bigEndian: true, out _);
        ownerId.TryWriteBytes(bytes[WrapLayout.OwnerId], bigEndian: true, out _);
        keyId.TryWriteBytes(bytes[WrapLayout.KeyId], bigEndian: true, out _);
    }

    private static void Commit(SecretKey wrapping, ReadOnlySpan<byte> bytes, Span<byte> commitment)
    {
        Span<byte> label = stackalloc byte[Labels.WrapCommitment.Length + WrapLayout.CommittedLength];
        Labels.WrapCommitment.CopyTo(label);
        bytes[..WrapLayout.CommittedLength].CopyTo(label[Labels.WrapCommitment.Length..]);
        wrapping.Expand(label, commitment);
    }
}
