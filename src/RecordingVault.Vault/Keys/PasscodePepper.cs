using System.Security.Cryptography;
using System.Text;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Keys;

/// <summary>A passcode is hashed over this and not over itself, so a stolen database alone can't be searched for it (security design 9).</summary>
public static class PasscodePepper
{
    /// <summary>32 bytes, bound to the vault and to the one link.</summary>
    public static byte[] Apply(VaultKey key, Guid linkId, string passcode)
    {
        var text = Encoding.UTF8.GetBytes(passcode.Normalize(NormalizationForm.FormKC));
        Span<byte> pepper = stackalloc byte[32];
        var message = new byte[16 + text.Length];
        try
        {
            key.Expand(Labels.Passcode, pepper);
            linkId.TryWriteBytes(message, bigEndian: true, out _);
            text.CopyTo(message.AsSpan(16));
            return HMACSHA256.HashData(pepper, message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pepper);
            CryptographicOperations.ZeroMemory(message);
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
