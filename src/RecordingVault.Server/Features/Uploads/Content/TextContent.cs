using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>Captions, transcripts and chats: UTF-8 text. It is parsed and written anew before anybody sees it; here it is only told from what is no text.</summary>
internal static partial class TextContent
{
    public const string WebVtt = "text/vtt";
    public const string SubRip = "application/x-subrip";
    public const string Json = "application/json";
    public const string Plain = "text/plain";

    public static bool IsText(string mediaType) => mediaType is WebVtt or SubRip or Json or Plain;

    /// <summary>Text with times: WebVTT or SRT.</summary>
    public static string? FindTimed(ReadOnlySpan<byte> first)
    {
        var text = WithoutMark(first);
        if (!IsReadable(text))
            return null;
        if (text.StartsWith("WEBVTT"u8) && (text.Length == 6 || text[6] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            return WebVtt;
        Span<char> beginning = stackalloc char[64];
        var length = 0;
        foreach (var letter in text[..Math.Min(text.Length, beginning.Length)])
            beginning[length++] = (char)letter;
        return FirstCue().IsMatch(beginning[..length]) ? SubRip : null;
    }

    /// <summary>Any text. What is cut may be judged only when enough of it is there: a picture can begin with letters.</summary>
    public static string? FindAny(ReadOnlySpan<byte> first, bool isEnough)
    {
        if (!isEnough)
            return null;
        if (FindTimed(first) is { } timed)
            return timed;
        var text = WithoutMark(first);
        if (!IsReadable(text))
            return null;
        var start = text.TrimStart(" \t\r\n"u8);
        return start.StartsWith("{"u8) || (start.StartsWith("["u8) && BeginsAsJson(start)) ? Json : Plain;
    }

    /// <summary>A chat may begin with a bracket too: that of a time or a name.</summary>
    private static bool BeginsAsJson(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> first) => first.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? first[3..] : first;

    /// <summary>Well-formed UTF-8 without control characters but those of lines; the last letter may be cut.</summary>
    private static bool IsReadable(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if (letter is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F)
                return false;
        }

        for (var cut = 0; cut <= Math.Min(3, text.Length); cut++)
        {
            if (Utf8.IsValid(text[..^cut]))
                return cut == 0 || text.Length >= ContentJudgement.NeededBytes - 3;
        }

        return false;
    }

    /// <summary>SRT begins with a number alone on a line and a line of times.</summary>
    [GeneratedRegex(@"\A\s*\d{1,6}\r?\n\d{1,3}:\d{2}:\d{2}[,.]\d{1,3} +--> +\d{1,3}:\d{2}:\d{2}[,.]\d", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex FirstCue();
}
