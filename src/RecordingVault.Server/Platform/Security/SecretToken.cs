using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RecordingVault.Server.Platform.Security;

/// <summary>Random secrets of links, sessions and tokens: 32 bytes, shown as 43 characters of base64url, stored as SHA-256 only.</summary>
internal static class SecretToken
{
    public const int Length = 32;
    public const int TextLength = 43;

    public static byte[] New() => RandomNumberGenerator.GetBytes(Length);

    public static string ToText(ReadOnlySpan<byte> secret) => Base64Url.EncodeToString(secret);

    /// <summary>The 32 bytes, or null when the text is not exactly one secret.</summary>
    public static byte[]? Parse(ReadOnlySpan<char> text)
    {
        var secret = new byte[Length];
        return text.Length == TextLength && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, secret, out var written) && written == Length ? secret : null;
    }

    public static byte[] Hash(ReadOnlySpan<byte> secret) => SHA256.HashData(secret);

    /// <summary>SHA-256(label ‖ 00 ‖ id ‖ secret): a hash that is good for one thing only.</summary>
    public static byte[] Hash(string label, Guid id, ReadOnlySpan<byte> secret)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(label));
        hash.AppendData([0]);
        hash.AppendData(id.ToByteArray(bigEndian: true));
        hash.AppendData(secret);
        return hash.GetHashAndReset();
    }

    public static bool Matches(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
