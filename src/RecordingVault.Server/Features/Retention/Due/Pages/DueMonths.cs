using System.Globalization;

namespace RecordingVault.Server.Features.Retention.Due.Pages;

/// <summary>This month and the next, in weeks that begin on Monday.</summary>
internal static class DueMonths
{
    /// <summary>From the Monday of this week to the end of the next month.</summary>
    public static (DateOnly From, DateOnly Until) Span(DateOnly today)
    {
        var from = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        return (from, new DateOnly(today.Year, today.Month, 1).AddMonths(2));
    }

    public static DueCalendarModel Of(DateOnly today, IEnumerable<(DateOnly Day, int Count)> counted)
    {
        var counts = counted.ToDictionary(day => day.Day, day => day.Count);
        var (from, until) = Span(today);
        var next = today.AddMonths(1);
        var days = new List<DueDay>();
        for (var day = from; day < until || days.Count % 7 != 0; day = day.AddDays(1))
            days.Add(new DueDay(day, counts.GetValueOrDefault(day), day < today, day < today.AddDays(7)));
        return new DueCalendarModel(
            today.Year == next.Year ? string.Create(CultureInfo.InvariantCulture, $"{today:MMMM} and {next:MMMM yyyy}") : string.Create(CultureInfo.InvariantCulture, $"{today:MMMM yyyy} and {next:MMMM yyyy}"),
            today, [.. days.Chunk(7)]);
    }
}
