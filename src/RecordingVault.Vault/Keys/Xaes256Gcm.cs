using System.Security.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// XAES-256-GCM by its C2SP definition: AES-256-GCM under a key derived from the first half of a 24-byte nonce, so that nonces may be random
/// for 2^80 messages. AES stands for CMAC here: one block to make the subkey, two to derive.
/// </summary>
internal static class Xaes256Gcm
{
    public const int NonceLength = 24;
    public const int TagLength = 16;

    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> text, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Span<byte> derived = stackalloc byte[32];
        try
        {
            Derive(key, nonce, derived);
            using var aes = new AesGcm(derived, TagLength);
            aes.Encrypt(nonce[12..], text, text, tag, associated);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>Opens in place. When it returns false, <paramref name="text"/> is wiped.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> text, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        Span<byte> derived = stackalloc byte[32];
        try
        {
            Derive(key, nonce, derived);
            using var aes = new AesGcm(derived, TagLength);
            aes.Decrypt(nonce[12..], text, tag, text, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(text);
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> derived)
    {
        Span<byte> subkey = stackalloc byte[16];
        Span<byte> blocks = stackalloc byte[32];
        try
        {
            using var aes = Aes.Create();
            aes.SetKey(key);
            subkey.Clear();
            aes.EncryptEcb(subkey, subkey, PaddingMode.None);
            Double(subkey);

            WriteBlock(1, nonce, subkey, blocks[..16]);
            WriteBlock(2, nonce, subkey, blocks[16..]);
            aes.EncryptEcb(blocks, derived, PaddingMode.None);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subkey);
            CryptographicOperations.ZeroMemory(blocks);
        }
    }

    private static void WriteBlock(byte counter, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> subkey, Span<byte> block)
    {
        block[0] = 0;
        block[1] = counter;
        block[2] = (byte)'X';
        block[3] = 0;
        nonce[..12].CopyTo(block[4..]);
        for (var i = 0; i < block.Length; i++) block[i] ^= subkey[i];
    }

    // Doubling in GF(2^128), without a branch on secret bits.
    private static void Double(Span<byte> block)
    {
        var carry = (byte)(block[0] >> 7);
        for (var i = 0; i < block.Length - 1; i++) block[i] = (byte)((block[i] << 1) | (block[i + 1] >> 7));
        block[^1] = (byte)((block[^1] << 1) ^ (0x87 & -carry));
    }
}
