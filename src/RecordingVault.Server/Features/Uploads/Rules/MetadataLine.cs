using System.Text;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>The syntax of Upload-Metadata: `key base64,key base64,key`, each key once, values in UTF-8.</summary>
internal static class MetadataLine
{
    public const int LongestLine = 4 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Problem? TryParse(string line, out IReadOnlyDictionary<string, string> values)
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        values = parsed;
        if (line.Length > LongestLine)
            return Problem.Invalid(Tus.MetadataHeader, "it has at most 4,096 characters.");
        if (line.Length == 0)
            return null;
        foreach (var pair in line.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            var key = parts[0];
            if (key.Length == 0 || parts.Length > 2)
                return Problem.Invalid(Tus.MetadataHeader, "it is a list of `key base64`, separated by commas.");
            if (Decode(parts.Length == 2 ? parts[1] : "") is not { } value)
                return Problem.Invalid(Name(key), "its value is UTF-8 text in base64.");
            if (!parsed.TryAdd(key, value))
                return Problem.Invalid(Name(key), "it stands in Upload-Metadata twice.");
        }

        return null;
    }

    /// <summary>A key as an answer may repeat it: what a stranger wrote is not echoed.</summary>
    public static string Name(string key) => key.Length <= 64 && key.All(char.IsAsciiLetterOrDigit) ? key : Tus.MetadataHeader;

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var count))
            return null;
        try
        {
            return StrictUtf8.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
