namespace RecordingVault.Server.Features.Audit;

/// <summary>What the log's page says of recordings whose time is over, of keeping them longer, and of calendars.</summary>
internal static class DueWords
{
    /// <summary>Null where the event is about something else.</summary>
    public static AuditSentence? Of(AuditPageEvent line) => line.Type switch
    {
        "retention.disposed" => new($"moved to the trash, since its time was over on {Day(line, "day")},", "a recording"),
        "retention.review-due" => new($"asks for a decision, since its time was over on {Day(line, "day")}, about", "a recording"),
        "retention.kept" => new(line.IsRefused ? $"to keep only until {Day(line, "until")}" : $"keeps, until {Day(line, "until")},", "a recording"),
        "retention.keep-ended" => new($"keeps no longer than its schedules say, and not until {Day(line, "before")},", "a recording"),
        "retention.feed-made" => new("made a password by which a calendar program reads the due days"),
        "retention.feed-revoked" => new("took back a calendar program’s password"),
        _ => null,
    };

    /// <summary>Also of a moment that stands there in full.</summary>
    private static string? Day(AuditPageEvent line, string name) => line.Details.GetValueOrDefault(name)?.Split('T')[0];
}
