using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Carriers;

/// <summary>One entry of <c>cawg.training-mining</c> 1.1.</summary>
/// <param name="Label">As <c>cawg.data_mining</c>.</param>
/// <param name="Use"><c>allowed</c>, <c>notAllowed</c> or <c>constrained</c>.</param>
/// <param name="Constraint">The text of <c>constraint_info</c>, for what is constrained.</param>
public sealed record CawgEntry(string Label, string Use, string? Constraint);

/// <summary>The entries of the CAWG Training and Data Mining assertion 1.1, and of its predecessor in C2PA 1.x, which differs in the labels' first word.</summary>
public static class CawgEntries
{
    private const string Allowed = "allowed", NotAllowed = "notAllowed", Constrained = "constrained";

    private static readonly (Use Use, string Name)[] s_names =
    [
        (Use.GenerativeTraining, "ai_generative_training"), (Use.OtherTraining, "ai_training"), (Use.Inference, "ai_inference"), (Use.Mining, "data_mining"),
    ];

    /// <summary>The entries of a tag; a use of which the tag says nothing has none.</summary>
    public static IReadOnlyList<CawgEntry> Of(UsageTag tag) =>
        [.. s_names.Where(entry => tag.Rights[entry.Use] != UseDecision.Unspecified).Select(entry => tag.Rights[entry.Use] switch
        {
            UseDecision.Allowed => new CawgEntry("cawg." + entry.Name, Allowed, null),
            UseDecision.Constrained => new CawgEntry("cawg." + entry.Name, Constrained, tag.Constraint),
            _ => new CawgEntry("cawg." + entry.Name, NotAllowed, null),
        })];

    /// <summary>What entries that stood in a file say of each use. A value that the vocabulary lacks prohibits; search is not their matter.</summary>
    public static UsageRights Says(IEnumerable<CawgEntry> entries)
    {
        var said = entries.ToLookup(entry => entry.Label[(entry.Label.IndexOf('.', StringComparison.Ordinal) + 1)..], entry => entry.Use, StringComparer.Ordinal);
        return UsageRights.Of(use => s_names.FirstOrDefault(entry => entry.Use == use).Name is { } name && said.Contains(name) ? said[name].Select(Decision).Aggregate(UseDecisions.Join) : UseDecision.Unspecified);
    }

    private static UseDecision Decision(string value) => value switch
    {
        Allowed => UseDecision.Allowed,
        Constrained => UseDecision.Constrained,
        _ => UseDecision.Prohibited,
    };
}
