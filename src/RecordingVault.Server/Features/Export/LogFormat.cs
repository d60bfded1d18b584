using System.Text;
using System.Text.Json;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Export;

/// <summary>How the log is written into a file, an event a line.</summary>
/// <param name="Name">As an address says it.</param>
/// <param name="Opening">What stands before the first event.</param>
internal sealed record LogFormat(string Name, string MediaType, string Ending, string Opening, Func<AuditEventResponse, string> Line)
{
    /// <summary>For spreadsheets; the mark at the beginning tells them that it is UTF-8.</summary>
    public static readonly LogFormat Csv = new("csv", "text/csv; charset=utf-8", "csv", "\uFEFF" + LogCsv.Header, LogCsv.Line);

    /// <summary>For programs: each line one event as the API tells it.</summary>
    public static readonly LogFormat Json = new("json", "application/x-ndjson", "jsonl", "", line => JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + "\n");

    /// <summary>Null for a word that is none.</summary>
    public static LogFormat? Read(string? word) => word switch
    {
        "csv" => Csv,
        "json" => Json,
        _ => null,
    };

    public byte[] Bytes(IEnumerable<AuditEventResponse> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(Line(line));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
