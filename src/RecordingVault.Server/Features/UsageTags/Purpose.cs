using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>What content is asked for, or kept for. A purpose that is not known is nobody's: nothing leaves for it.</summary>
internal enum Purpose
{
    Unknown,

    /// <summary>Lying here, sealed. Nothing leaves for it.</summary>
    Keep,

    /// <summary>A member, or a script of his, watches, listens, or takes a copy for himself.</summary>
    ViewInternal,

    /// <summary>Somebody outside is shown it, or is handed a copy.</summary>
    ShareExternal,
    Transcribe,
    AiInference,
    AiTraining,
    DataMining,

    /// <summary>What a law demands. It needs no consent and is never granted by one.</summary>
    Legal,
}

internal static class Purposes
{
    /// <summary>Those that a request may state.</summary>
    public static readonly IReadOnlyList<Purpose> Stated = [Purpose.ViewInternal, Purpose.ShareExternal, Purpose.Transcribe, Purpose.AiInference, Purpose.AiTraining, Purpose.DataMining, Purpose.Legal];

    public static string Name(this Purpose purpose) => purpose switch
    {
        Purpose.Keep => "keep",
        Purpose.ViewInternal => "view-internal",
        Purpose.ShareExternal => "share-external",
        Purpose.Transcribe => "transcribe",
        Purpose.AiInference => "ai-inference",
        Purpose.AiTraining => "ai-training",
        Purpose.DataMining => "data-mining",
        Purpose.Legal => "legal",
        _ => "unknown",
    };

    public static Purpose Parse(string? name) => Stated.Append(Purpose.Keep).FirstOrDefault(purpose => string.Equals(purpose.Name(), name, StringComparison.Ordinal));

    /// <summary>What the query <c>purpose</c> states; the usual one where it is silent. Twice is not once.</summary>
    public static Purpose Of(HttpRequest request, Purpose usual) => request.Query["purpose"] switch
    {
        { Count: 0 } => usual,
        { Count: 1 } one => Parse(one[0]),
        _ => Purpose.Unknown,
    };

    /// <summary>Whom the query <c>processor</c> names; what is no id, and two of them, name nobody that there is.</summary>
    public static Guid? ProcessorOf(HttpRequest request) => request.Query["processor"] switch
    {
        { Count: 0 } => null,
        { Count: 1 } one when Guid.TryParseExact(one[0], "D", out var id) => id,
        _ => Guid.Empty,
    };

    /// <summary>The uses that must all be allowed; null where nothing leaves for it at all. A transcript of words is made by a model, whoever calls it otherwise.</summary>
    public static IReadOnlyList<Use>? Needs(this Purpose purpose) => purpose switch
    {
        Purpose.ViewInternal or Purpose.ShareExternal or Purpose.Legal => [],
        Purpose.Transcribe or Purpose.AiInference => [Use.Inference],
        Purpose.AiTraining => [Use.GenerativeTraining, Use.OtherTraining],
        Purpose.DataMining => [Use.Mining],
        _ => null,
    };

    /// <summary>Whether the recording's marks let it leave for this. Only what is allowed is: a condition that nobody here can check, and silence, are none (P4).</summary>
    public static bool IsAllowedBy(this Purpose purpose, EffectiveUse use) => purpose.Needs() is { } needed && needed.All(one => use.Rights[one] == UseDecision.Allowed);

    /// <summary>
    /// Whether it may leave to somebody whom the organisation named as its processor. He works for it and as it says, so its own words, which are meant for everybody else, do not stand in his way;
    /// the words of others do: a mark that the file came in with, and consent that is not known.
    /// </summary>
    public static bool IsAllowedToProcessor(this Purpose purpose, EffectiveUse use) =>
        purpose == Purpose.Transcribe && purpose.Objections(use).All(objection => objection.Source is UseSource.TenantPolicy or UseSource.RecordingTag);

    /// <summary>Who objects to it, in the order in which they were asked.</summary>
    public static IReadOnlyList<UseObjection> Objections(this Purpose purpose, EffectiveUse use) =>
        purpose.Needs() is { } needed ? [.. use.Objections.Where(objection => needed.Contains(objection.Use))] : [];
}
