namespace RecordingVault.Server.Features.Audit;

/// <summary>Events about how long recordings are kept, in words.</summary>
internal static class RetentionEventWords
{
    /// <summary>Null for a type that is none of them.</summary>
    public static AuditSentence? Did(AuditPageEvent line) => line.Type switch
    {
        "retention.schedule-made" => Of(line, line.IsRefused ? "to make a retention schedule" : Detail(line, "by") == "upload" ? "said on uploading how long it is kept, of" : $"made a retention schedule ({Says(line)})"),
        "retention.schedule-changed" => Of(line, Detail(line, "change") is null ? $"changed a retention schedule, which now says: {Says(line)}" : $"put a waiting change of a retention schedule into force: {Says(line)}"),
        "retention.schedule-removed" => Of(line, $"removed a retention schedule ({Says(line)})"),
        "retention.change-asked" => Of(line, line.IsRefused ? "to let a retention schedule keep for less long" : "asked that a retention schedule keeps for less long"),
        "retention.change-approved" => Of(line, line.IsRefused ? "to approve that a retention schedule keeps for less long" : "approved, as the second person, that a retention schedule keeps for less long"),
        "retention.change-declined" => Of(line, line.IsRefused ? "to decline that a retention schedule keeps for less long" : "declined that a retention schedule keeps for less long"),
        "retention.change-taken-back" => Of(line, line.IsRefused ? "to take back another’s change of a retention schedule" : "took back the wish that a retention schedule keeps for less long"),
        "retention.change-in-force" => Of(line, "waited seven days, and nobody declined that a retention schedule keeps for less long"),
        _ => null,
    };

    /// <summary>A schedule for one recording names it; the others are the organisation's.</summary>
    private static AuditSentence Of(AuditPageEvent line, string words) => Detail(line, "scope") == "recording" ? new(words.EndsWith(", of", StringComparison.Ordinal) ? words : words + ", for", "a recording") : new(words);

    private static string Says(AuditPageEvent line) =>
        $"{Detail(line, "scope")} {(Detail(line, "scope") is "label" or "source" ? Detail(line, "target") + " " : "")}from {Detail(line, "trigger")}, at least {None(line, "keep-at-least")}, goes after {None(line, "dispose-after")}, then {Detail(line, "action")}";

    private static string None(AuditPageEvent line, string name) => Detail(line, name) is { } said and not "-" ? said : "nothing said";

    private static string? Detail(AuditPageEvent line, string name) => line.Details.GetValueOrDefault(name);
}
