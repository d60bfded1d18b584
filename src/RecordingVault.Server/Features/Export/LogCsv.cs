using System.Globalization;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Export;

/// <summary>
/// The log as CSV (RFC 4180), every field in quotes. Names and user agents come from strangers, and a spreadsheet runs a field that begins like a
/// formula: such a field gets an apostrophe in front, which spreadsheets read as "this is text".
/// </summary>
internal static class LogCsv
{
    private static readonly string[] s_columns = ["number", "time", "type", "outcome", "decrypted", "actorKind", "actorId", "targetKind", "targetId"];

    /// <summary>Details with a column of their own; all others share the last one.</summary>
    private static readonly string[] s_details = ["actor.name", "actor.address", "actor.user-agent", "recipient", "purpose", "reason", "reasons"];

    public static string Header { get; } = Row([.. s_columns, .. s_details, "details"]);

    public static string Line(AuditEventResponse line) => Row(
    [
        line.Number.ToString(CultureInfo.InvariantCulture),
        line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        line.Type,
        line.Outcome,
        line.Decrypted ? "true" : "false",
        line.Actor.Kind,
        line.Actor.Id?.ToString() ?? "",
        line.Target?.Kind ?? "",
        line.Target?.Id?.ToString() ?? "",
        .. s_details.Select(name => line.Details.GetValueOrDefault(name, "")),
        string.Join("; ", line.Details.Where(detail => !s_details.Contains(detail.Key, StringComparer.Ordinal)).OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Key}={detail.Value}")),
    ]);

    /// <summary>One field, defused and quoted.</summary>
    public static string Field(string value) => $"\"{(IsFormula(value) ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Also where blanks stand before it, and in the wide forms that some spreadsheets take for the same signs.</summary>
    private static bool IsFormula(string value) =>
        value.Length > 0 && (value[0] is '\t' or '\r' or '\n' || value.AsSpan().TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20');

    private static string Row(IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\r\n";
}
