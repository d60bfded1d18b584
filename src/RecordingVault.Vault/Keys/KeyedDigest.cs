using System.Security.Cryptography;
using System.Text;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// What stands beside a sealed column where an exact look-up is needed: 16 bytes that only the key's owner can compute (sealed-format.md, digests).
/// </summary>
public static class KeyedDigest
{
    public const int LengthInBytes = 16;

    /// <summary>Normalises <paramref name="text"/> (NFKC, trimmed, case-folded) and digests it for one column, `table.column`.</summary>
    public static byte[] Compute(ColumnKey key, string tableColumn, string text)
    {
        var columnName = Encoding.ASCII.GetBytes(tableColumn);
        var normalized = Encoding.UTF8.GetBytes(NormalizedText.Fold(text));
        Span<byte> macKey = stackalloc byte[32];
        Span<byte> mac = stackalloc byte[32];
        try
        {
            key.Expand([.. Labels.Digest, .. columnName], macKey);
            HMACSHA256.HashData(macKey, normalized, mac);
            return mac[..LengthInBytes].ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(macKey);
            CryptographicOperations.ZeroMemory(normalized);
        }
    }

    /// <summary>A mail address as it is looked up: folded, its domain in A-labels.</summary>
    public static string NormalizeMail(string address) => NormalizedText.FoldMail(address);
}
