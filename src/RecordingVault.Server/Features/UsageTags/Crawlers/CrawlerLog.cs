namespace RecordingVault.Server.Features.UsageTags.Crawlers;

/// <summary>A line for each crawler that was turned away, and for one that asks again and again at most <see cref="MostLines"/> a minute and then one that counts: nobody fills the log by asking.</summary>
internal sealed partial class CrawlerLog(TimeProvider time, ILogger<CrawlerLog> log)
{
    public const int MostLines = 20;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    // As many as the lists have names, in as many standings: strangers add none.
    private readonly Dictionary<(string Name, Standing Standing), Minute> minutes = [];

    private enum Standing
    {
        Named,
        Verified,
        FromElsewhere,
        Unnamed,
    }

    /// <param name="claimed">The name that it gives itself; null where it gives none of the list.</param>
    /// <param name="owner">Whose network it came from; null where that is not known.</param>
    /// <param name="isKnown">Whether networks of the claimed name are known.</param>
    /// <param name="place">What it asked for, in words without an id.</param>
    public void Refused(string? claimed, string? owner, bool isKnown, string place)
    {
        var standing = claimed is null ? Standing.Unnamed : string.Equals(claimed, owner, StringComparison.OrdinalIgnoreCase) ? Standing.Verified : isKnown ? Standing.FromElsewhere : Standing.Named;
        var name = claimed ?? owner!;
        var (left, isTold) = Count(name, standing);
        if (left > 0)
            Left(log, name, left);
        if (isTold)
            Refused(log, name, place, Words(standing));
    }

    /// <summary>Whether there is a line for this one, and how many had none before it.</summary>
    private (int Left, bool IsTold) Count(string name, Standing standing)
    {
        var now = time.GetUtcNow();
        lock (minutes)
        {
            var minute = minutes.GetValueOrDefault((name, standing));
            var left = 0;
            if (minute is null || now - minute.Since >= s_minute)
            {
                left = Math.Max(0, (minute?.Count ?? 0) - MostLines);
                minute = minutes[(name, standing)] = new Minute(now);
            }

            return (left, ++minute.Count <= MostLines);
        }
    }

    private static string Words(Standing standing) => standing switch
    {
        Standing.Verified => "by its name, from a network of its own",
        Standing.FromElsewhere => "by its name, though from a network that is not its own",
        Standing.Unnamed => "by its network, under another name",
        _ => "by its name",
    };

    [LoggerMessage(EventId = 650, Level = LogLevel.Warning, Message = "{Crawler} asked for {Place} and was refused, {Why}")]
    private static partial void Refused(ILogger log, string crawler, string place, string why);

    [LoggerMessage(EventId = 651, Level = LogLevel.Warning, Message = "{Crawler} was refused {Count} times more in the minute of the last line")]
    private static partial void Left(ILogger log, string crawler, int count);

    private sealed class Minute(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public int Count { get; set; }
    }
}
