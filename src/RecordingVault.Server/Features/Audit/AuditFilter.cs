using System.Globalization;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Audit;

/// <summary>Which events; null leaves nothing out.</summary>
internal sealed record AuditFilter
{
    private const int MostDays = 3_660;

    /// <summary>RFC 3339: a time without its offset, or in another country's order of day and month, says nothing that could be relied on.</summary>
    private static readonly string[] TimeForms =
    [
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public AuditOutcome? Outcome { get; init; }

    public IReadOnlyList<AuditActorKind>? Actors { get; init; }

    public AuditTopic? About { get; init; }

    public Guid? Target { get; init; }

    public Guid? Actor { get; init; }

    /// <summary>From this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The filter, or which word of the wish is none.</summary>
    public static (AuditFilter? Filter, Problem? Wrong) Read(AuditWish wish, DateTimeOffset now)
    {
        if (wish.Outcome is not (null or "" or "refused" or "allowed"))
            return (null, Problem.Invalid("outcome", "leave it out, or ask for refused or allowed."));
        if (wish.Who is not (null or "" or "people" or "machines" or "operators"))
            return (null, Problem.Invalid("who", "leave it out, or ask for people, machines or operators."));
        var about = string.IsNullOrEmpty(wish.About) ? null : AuditTopics.Find(wish.About);
        if (about is null && !string.IsNullOrEmpty(wish.About))
            return (null, Problem.Invalid("about", $"leave it out, or ask for {string.Join(", ", AuditTopics.All.Select(topic => topic.Name))}."));
        var days = 0;
        if (!string.IsNullOrEmpty(wish.Days) && !(int.TryParse(wish.Days, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is >= 1 and <= MostDays))
            return (null, Problem.Invalid("days", "give a number of days, 1 to 3660."));
        if (!ZonedDays.TryZone(wish.Zone, out var zone))
            return (null, Problem.Invalid("zone", "give the IANA name of a time zone, such as Europe/Berlin, or leave it out."));
        if (!TryTime(wish.From, zone, addedDays: 0, out var from))
            return (null, Problem.Invalid("from", "give a day such as 2026-11-24, or a time with its offset."));
        if (!TryTime(wish.To, zone, addedDays: 1, out var before))
            return (null, Problem.Invalid("to", "give a day such as 2026-11-24, or a time with its offset."));
        return (new AuditFilter
        {
            Outcome = wish.Outcome switch { "refused" => AuditOutcome.Refused, "allowed" => AuditOutcome.Allowed, _ => null },
            Actors = wish.Who switch
            {
                "people" => [AuditActorKind.Member, AuditActorKind.Share, AuditActorKind.Participant],
                "machines" => [AuditActorKind.System, AuditActorKind.Token],
                "operators" => [AuditActorKind.Operator],
                _ => null,
            },
            About = about,
            Target = wish.Target,
            Actor = wish.Actor,
            From = days > 0 ? now.AddDays(-days) : from,
            Before = before,
        }, null);
    }

    /// <param name="addedDays">A day that ends a span counts whole: the span ends where the next day begins.</param>
    private static bool TryTime(string? text, TimeZoneInfo zone, int addedDays, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
            return true;
        if (ZonedDays.TryDay(text, out var day))
        {
            time = ZonedDays.Begin(day.AddDays(addedDays), zone);
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return false;
        time = at.ToUniversalTime();
        return true;
    }
}
