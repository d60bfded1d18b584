using System.Text.Json.Serialization;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <param name="From">Seconds from the beginning.</param>
/// <param name="To">Seconds; a millisecond is the finest that counts.</param>
/// <param name="Kind"><c>cut</c> or <c>mute</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SpanRequest(double? From, double? To, string? Kind)
{
    /// <summary>A player shows the end of a film a little behind where its file says that it is.</summary>
    private const long Grace = 1_000;

    /// <summary>Reads a list of spans for a recording of so many seconds.</summary>
    public static (EditSpans? Spans, Problem? Wrong) Read(IReadOnlyList<SpanRequest?> asked, double duration)
    {
        if (asked.Count > EditSpans.Most)
            return (null, TooMany);
        var whole = (long)Math.Floor(duration * 1_000);
        var read = new List<EditSpan>();
        for (var index = 0; index < asked.Count; index++)
        {
            if (asked[index] is not { From: { } from, To: { } to } span)
                return (null, Problem.Invalid($"spans[{index}]", "say from where to where, in seconds from the beginning."));
            if (KindOf(span.Kind) is not { } kind)
                return (null, Problem.Invalid($"spans[{index}].kind", "it is cut or mute."));
            if (!double.IsFinite(from) || !double.IsFinite(to) || from < 0 || to * 1_000 > whole + Grace)
                return (null, Problem.Invalid($"spans[{index}]", "it has to lie within the recording."));
            var one = new EditSpan((long)Math.Round(from * 1_000), Math.Min((long)Math.Round(to * 1_000), whole), kind);
            if (one.Length <= 0)
                return (null, Problem.Invalid($"spans[{index}]", "it has to end after it begins."));
            read.Add(one);
        }

        var spans = EditSpans.Of(read);
        return spans.All.Count > EditSpans.Most ? (null, TooMany)
            : whole - spans.Removed < EditSpans.Least && spans.Removed > 0 ? (null, Problem.Invalid("spans", "at least a second of the recording has to be left."))
            : (spans, null);
    }

    private static Problem TooMany => Problem.Invalid("spans", $"mark at most {EditSpans.Most} spans.");

    private static EditKind? KindOf(string? name) => name switch { "cut" => EditKind.Cut, "mute" => EditKind.Mute, _ => null };
}

/// <param name="From">Seconds from the beginning.</param>
internal sealed record SpanResponse(double From, double To, string Kind)
{
    public static IReadOnlyList<SpanResponse> Of(EditSpans spans) => [.. spans.All.Select(span => new SpanResponse(span.From / 1000d, span.To / 1000d, EditSpans.Name(span.Kind)))];
}
