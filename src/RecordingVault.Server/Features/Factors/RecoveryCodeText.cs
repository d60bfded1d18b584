using System.Security.Cryptography;
using OtpNet;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>How a recovery code is written: 80 bits in 16 letters of base32, in fours, so that it can be read from paper.</summary>
internal static class RecoveryCodeText
{
    private const int Length = 10;
    private const int Letters = 16;
    private const int Group = 4;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Label = "recordingvault.v1.recovery-code";

    public static byte[] New() => RandomNumberGenerator.GetBytes(Length);

    public static string Show(byte[] code) =>
        string.Join('-', Base32Encoding.ToString(code).ToLowerInvariant().Chunk(Group).Select(letters => new string(letters)));

    /// <summary>Null when the text is no such code; case, spaces and hyphens do not matter.</summary>
    public static byte[]? Parse(string text)
    {
        if (text.Length > 4 * Letters)
            return null;
        var letters = string.Concat(text.Where(letter => letter is not ('-' or ' '))).ToUpperInvariant();
        return letters.Length == Letters && letters.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal)) ? Base32Encoding.ToBytes(letters) : null;
    }

    /// <summary>Good for one member only.</summary>
    public static byte[] Hash(Guid memberId, ReadOnlySpan<byte> code) => SecretToken.Hash(Label, memberId, code);
}
