using System.Globalization;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>A number of days, months or years, as ISO 8601 writes it with one unit: P30D, P6M, P10Y. Reckoned by the calendar in UTC: a month after 31 January is the last day of February.</summary>
internal readonly record struct RetentionPeriod
{
    public const int LongestText = 8;
    private const int MostYears = 200;

    /// <summary>The last day that anything is reckoned to.</summary>
    public static readonly DateTimeOffset Latest = new(9900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private RetentionPeriod(int count, char unit) => (Count, Unit) = (count, unit);

    public int Count { get; }

    /// <summary>D, M or Y.</summary>
    public char Unit { get; }

    public static RetentionPeriod Days(int count) => new(count, 'D');

    /// <param name="text">P, 0 to 99,999, and D, M or Y; 200 years at most. Zero is a period too: the trigger's own moment.</param>
    public static bool TryParse(string? text, out RetentionPeriod period)
    {
        period = default;
        if (text is not { Length: >= 3 and <= LongestText } || text[0] != 'P' || text[^1] is not ('D' or 'M' or 'Y') || !int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        period = new RetentionPeriod(count, text[^1]);
        return count <= MostYears * (period.Unit switch { 'D' => 366, 'M' => 12, _ => 1 });
    }

    /// <exception cref="FormatException">It is no period.</exception>
    public static RetentionPeriod Parse(string text) => TryParse(text, out var period) ? period : throw new FormatException($"'{text}' is no period of the kind P30D, P6M or P10Y.");

    /// <summary>Not later than <see cref="Latest"/>: a recording whose file says that it was made in the year 9999 must not stop the others.</summary>
    public DateTimeOffset After(DateTimeOffset at) => at >= Latest.AddYears(-MostYears) ? Latest : Unit switch
    {
        'D' => at.AddDays(Count),
        'M' => at.AddMonths(Count),
        _ => at.AddYears(Count),
    };

    /// <summary>Whether it ends later than or with the other one whenever both begin; of periods in different units that is not always so, and then it is false.</summary>
    public bool IsNeverShorterThan(RetentionPeriod other) => (Unit, other.Unit) switch
    {
        ('D', 'D') or ('M', 'M') or ('Y', 'Y') => Count >= other.Count,
        ('Y', 'M') => Count * 12 >= other.Count,
        ('M', 'Y') => Count >= other.Count * 12,
        _ => ShortestDays >= other.LongestDays,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"P{Count}{Unit}");

    private long ShortestDays => Unit switch { 'D' => Count, 'M' => Count * 28L, _ => Count * 365L };

    private long LongestDays => Unit switch { 'D' => Count, 'M' => Count * 31L, _ => Count * 366L };
}
