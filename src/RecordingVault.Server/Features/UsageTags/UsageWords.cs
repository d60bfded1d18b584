using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>The words of the vocabulary as rows, the API and the log have them. A word that is not known counts as the strictest (P4).</summary>
internal static class UsageWords
{
    private const string Letters = "acup";

    public static readonly string TagNames = string.Join(", ", UsageTag.All.Select(tag => tag.Name));

    public static readonly IReadOnlyList<string> UseNames = [.. UsageRights.Uses.Select(Name)];

    public static string Name(this Use use) => use switch
    {
        Use.GenerativeTraining => "generative-training",
        Use.OtherTraining => "other-training",
        Use.Inference => "inference",
        Use.Mining => "mining",
        Use.Search => "search",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    /// <summary>A use as people read it.</summary>
    public static string UseSentence(string use) => use switch
    {
        "generative-training" => "Training of AI that generates",
        "other-training" => "Training of other AI",
        "inference" => "AI that reads, for a transcript say",
        "mining" => "Text and data mining",
        "search" => "Indexes of search engines",
        _ => use,
    };

    public static Use? UseOf(string? name) => UsageRights.Uses.Where(use => use.Name() == name).Cast<Use?>().FirstOrDefault();

    public static string Name(this UseDecision decision) => decision switch
    {
        UseDecision.Allowed => "allowed",
        UseDecision.Constrained => "constrained",
        UseDecision.Unspecified => "unspecified",
        UseDecision.Prohibited => "prohibited",
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };

    public static string Name(this UseSource source) => source switch
    {
        UseSource.TenantPolicy => "tenant-policy",
        UseSource.RecordingTag => "recording-tag",
        UseSource.Consent => "consent",
        UseSource.FoundMark => "found-mark",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static UsageTag TagOfRow(string stored) => UsageTag.Parse(stored) ?? UsageTag.NoTdm;

    /// <summary>What a row names needs consent; a row that names what nobody knows asks consent for all.</summary>
    public static FrozenSet<Use> UsesOfRow(string stored)
    {
        var uses = stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(UseOf).ToList();
        return (uses.Contains(null) ? UsageRights.Uses : uses.OfType<Use>()).ToFrozenSet();
    }

    public static string WriteUses(IEnumerable<Use> uses) => string.Join(' ', uses.Distinct().Order().Select(Name));

    /// <summary>A letter for each use, in their order.</summary>
    public static string WriteRights(UsageRights rights) => string.Concat(UsageRights.Uses.Select(use => Letters[(int)rights[use]]));

    public static UsageRights RightsOfRow(string? stored) =>
        stored?.Length == UsageRights.Uses.Count && stored.All(Letters.Contains) ? UsageRights.Of(use => (UseDecision)Letters.IndexOf(stored[(int)use], StringComparison.Ordinal)) : UsageRights.Nothing;
}

internal sealed class UsageTagConverter() : ValueConverter<UsageTag, string>(tag => tag.Name, name => UsageWords.TagOfRow(name));
