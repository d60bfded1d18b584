namespace RecordingVault.Server.Features.Audit;

/// <summary>What the log's page says of matters and holds.</summary>
internal static class HoldWords
{
    /// <summary>Null where the event is about something else.</summary>
    public static AuditSentence? Of(AuditPageEvent line) => line.Type switch
    {
        "matter.opened" => new($"opened the matter {Name(line)}"),
        "matter.changed" => new($"changed the matter {Name(line)}"),
        "matter.closed" => new($"closed the matter {Name(line)}, which held {(line.Details.GetValueOrDefault("holds") is { } holds and not "1" ? $"{holds} recordings" : "one recording")}"),
        "hold.set" => new($"put on hold for the matter {Name(line)}", "a recording"),
        "hold.lifted" => new("lifted a hold of", "a recording"),
        _ => null,
    };

    private static string Name(AuditPageEvent line) => line.Details.GetValueOrDefault("name") ?? "of a name that is gone";
}
