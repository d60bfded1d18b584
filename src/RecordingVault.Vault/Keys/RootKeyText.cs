using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>A root key written as text. The text is ASCII bytes, so that it can be wiped.</summary>
internal static class RootKeyText
{
    public const int MaxLength = 128;

    public static bool TryParseHex(ReadOnlySpan<byte> text, [NotNullWhen(true)] out RootKey? key)
    {
        key = null;
        text = text.Trim(" \t\r\n"u8);
        if (text.Length != 2 * SecretKey.LengthInBytes) return false;
        Span<byte> secret = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            if (Convert.FromHexString(text, secret, out _, out var written) != OperationStatus.Done || written != secret.Length) return false;
            key = RootKey.FromBytes(secret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public static bool TryParseBase64(ReadOnlySpan<byte> text, [NotNullWhen(true)] out RootKey? key)
    {
        key = null;
        text = text.Trim(" \t\r\n"u8);
        Span<byte> secret = stackalloc byte[SecretKey.LengthInBytes + 3];
        try
        {
            if (Base64.DecodeFromUtf8(text, secret, out _, out var written) != OperationStatus.Done || written != SecretKey.LengthInBytes) return false;
            key = RootKey.FromBytes(secret[..written]);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
