using System.Globalization;
using System.Text;

namespace RecordingVault.Server.Features.Retention.Due.Feed;

/// <summary>The due days as an iCalendar (RFC 5545): one event for each day, that says how many, and of what nothing. Whoever the program shows it to learns no title and no name.</summary>
internal static class DueCalendar
{
    /// <summary>Of one line, in bytes, without its end.</summary>
    private const int LongestLine = 75;

    /// <param name="feed">Keeps an event the same one from one reading to the next.</param>
    /// <param name="page">Where they stand, signed in.</param>
    public static string Write(Guid feed, IEnumerable<(DateOnly Day, int Count)> days, string page, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//RecordingVault//Due recordings//EN");
        Line("CALSCALE:GREGORIAN");
        Line("METHOD:PUBLISH");
        Line("X-WR-CALNAME:Recordings that end");
        foreach (var (day, count) in days)
        {
            Line("BEGIN:VEVENT");
            Line($"UID:{Day(day)}-{feed:N}@recordingvault");
            Line($"DTSTAMP:{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
            Line($"DTSTART;VALUE=DATE:{Day(day)}");
            Line($"DTEND;VALUE=DATE:{Day(day.AddDays(1))}");
            Line($"SUMMARY:{(count == 1 ? "1 recording ends" : string.Create(CultureInfo.InvariantCulture, $"{count} recordings end"))}");
            Line($"DESCRIPTION:{Escaped($"Keep what is still needed, signed in: {page}")}");
            Line($"URL:{page}");
            Line("TRANSP:TRANSPARENT");
            Line("END:VEVENT");
        }

        Line("END:VCALENDAR");
        return text.ToString();

        void Line(string line) => text.Append(Folded(line)).Append("\r\n");
    }

    /// <summary>A line of more than 75 bytes goes on in the next, behind a blank; never within a character.</summary>
    internal static string Folded(string line)
    {
        var (folded, room) = (new StringBuilder(), LongestLine);
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room)
            {
                folded.Append("\r\n ");
                room = LongestLine - 1;
            }

            folded.Append(rune.ToString());
            room -= rune.Utf8SequenceLength;
        }

        return folded.ToString();
    }

    internal static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\r\n", "\\n", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
