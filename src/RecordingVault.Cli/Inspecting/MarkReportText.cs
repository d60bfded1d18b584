using System.Text.Json;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Verifying;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Cli.Inspecting;

/// <summary>A report for a person, and as JSON for a program. Values are strangers' words and are shown so that they do nothing to a terminal.</summary>
internal static class MarkReportText
{
    public static IEnumerable<string> Lines(MarkReport report)
    {
        yield return $"{"what",-14}{report.Kind.Words}, {report.Length} bytes";
        if (report.Marks.Count == 0)
            yield return $"{"marks",-14}{(report.Kind.HasPlace ? "none. Nothing was said of its use, which is no permission." : "this kind of file has no place for one that this program knows. That is no permission.")}";
        foreach (var placed in report.Marks)
        {
            yield return $"{"mark",-14}{placed.Mark.Carrier} in {ShownText.Of(placed.File)}: {ShownText.Of(placed.Mark.Value)}";
            yield return $"{"",-14}{Words(placed.Mark.Says)}";
        }

        if (report.Together is { } together)
            yield return $"{"together",-14}{Words(together)}";
        foreach (var disagreement in report.Disagreements)
            yield return $"{"disagree",-14}on {NameOf(disagreement.Use)}: {Place(disagreement.One)} says {WordOf(disagreement.One.Mark.Says[disagreement.Use])}, {Place(disagreement.Other)} says {WordOf(disagreement.Other.Mark.Says[disagreement.Use])}. The stricter counts.";
        foreach (var manifest in report.Manifests)
            yield return $"{"manifest",-14}{ShownText.Of(manifest.Name)}: {manifest.Verdict.Words()}";
        yield return report.Manifests.Count == 0
            ? "No signature was checked: this is what the file says, not what is proved."
            : "Of the manifest beside it the signature was checked, but not whose it is (vault verify --keys does that); all else is what the file says, not what is proved.";
    }

    public static string Json(MarkReport report) => JsonLine.Of(json =>
    {
        json.WriteString("kind", report.Kind.MediaType);
        json.WriteNumber("sizeInBytes", report.Length);
        json.WriteStartArray("marks");
        foreach (var placed in report.Marks)
        {
            json.WriteStartObject();
            json.WriteString("file", placed.File);
            json.WriteString("carrier", placed.Mark.Carrier);
            json.WriteString("value", placed.Mark.Value);
            WriteRights(json, "says", placed.Mark.Says);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (report.Together is { } together)
            WriteRights(json, "together", together);
        json.WriteStartArray("disagreements");
        foreach (var disagreement in report.Disagreements)
            json.WriteStringValue(KeyOf(disagreement.Use));
        json.WriteEndArray();
        json.WriteStartArray("manifests");
        foreach (var manifest in report.Manifests)
        {
            json.WriteStartObject();
            json.WriteString("file", manifest.Name);
            json.WriteString("verdict", manifest.Verdict.Name());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Place(PlacedMark placed) => $"{placed.Mark.Carrier} in {ShownText.Of(placed.File)}";

    private static string Words(UsageRights rights) => string.Join(", ", UsageRights.Uses.Select(use => $"{NameOf(use)} {WordOf(rights[use])}"));

    private static void WriteRights(Utf8JsonWriter json, string name, UsageRights rights)
    {
        json.WriteStartObject(name);
        foreach (var use in UsageRights.Uses)
            json.WriteString(KeyOf(use), rights[use].ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    private static string NameOf(Use use) => KeyOf(use).Replace('-', ' ');

    private static string KeyOf(Use use) => JsonNamingPolicy.KebabCaseLower.ConvertName(use.ToString());

    private static string WordOf(UseDecision decision) => decision switch
    {
        UseDecision.Allowed => "allowed",
        UseDecision.Constrained => "under conditions",
        UseDecision.Unspecified => "not mentioned",
        _ => "prohibited",
    };
}
