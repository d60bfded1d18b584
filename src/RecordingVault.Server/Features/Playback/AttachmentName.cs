using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The file name of a download. Names come from uploaders, so nothing of them may steer a path, hide an ending or break the header: no separators,
/// controls or direction marks, no name that a system keeps for itself, and an ending of our own.
/// </summary>
internal static class AttachmentName
{
    private const int Longest = 120;
    private const string Nameless = "recording";
    private const string NotInNames = "/\\:*?\"<>|";
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    public static string Of(string? name, string extension)
    {
        var stem = Clean(name ?? "");
        if (stem.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            stem = stem[..^extension.Length];
        stem = Cut(stem).Trim(' ', '.');
        return (stem.Length == 0 || Reserved.Contains(stem.Split('.')[0]) ? Nameless : stem) + extension;
    }

    /// <summary>The whole header, with the name in ASCII and, by RFC 8187, in full (RFC 6266).</summary>
    public static string Header(string fileName)
    {
        var header = new ContentDispositionHeaderValue("attachment");
        header.SetHttpFileName(fileName);
        return header.ToString();
    }

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)
                continue;
            if (rune == Rune.ReplacementChar)
                continue;
            if (rune.IsAscii && NotInNames.Contains((char)rune.Value))
                clean.Append('-');
            else
                clean.Append(rune);
        }

        return clean.ToString();
    }

    private static string Cut(string stem)
    {
        if (stem.Length <= Longest)
            return stem;
        var end = char.IsHighSurrogate(stem[Longest - 1]) ? Longest - 1 : Longest;
        return stem[..end];
    }
}
