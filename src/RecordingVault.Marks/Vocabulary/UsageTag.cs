using static RecordingVault.Marks.Vocabulary.UseDecision;

namespace RecordingVault.Marks.Vocabulary;

/// <summary>
/// A named profile of decisions. The set is closed because PLUS and TDMRep carry a single value; every carrier is written from the profile and none by hand,
/// so that no two of them disagree.
/// </summary>
public sealed class UsageTag
{
    /// <summary>The tag of everything that nobody has tagged otherwise.</summary>
    public static readonly UsageTag NoTdm = new("no-tdm", "DMI-PROHIBITED", UsageRights.Nothing, "Confidential. No AI training, no text and data mining.");

    public static readonly UsageTag NoTdmExceptSearch = new("no-tdm-except-search", "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
        new(Prohibited, Prohibited, Prohibited, Constrained, Allowed), "No AI training, no text and data mining, except for a search index.", "search indexing only");

    public static readonly UsageTag NoAiTraining = new("no-ai-training", "DMI-PROHIBITED-AIMLTRAINING",
        new(Prohibited, Prohibited, Unspecified, Unspecified, Unspecified), "No AI training.");

    public static readonly UsageTag NoGenaiTraining = new("no-genai-training", "DMI-PROHIBITED-GENAIMLTRAINING",
        new(Prohibited, Allowed, Unspecified, Unspecified, Unspecified), "No training of generative AI.");

    public static readonly UsageTag ConstrainedUse = new("constrained", "DMI-PROHIBITED-SEECONSTRAINT",
        new(Prohibited, Prohibited, Constrained, Constrained, Prohibited), "No AI training. Other use by machines only as the owner has agreed with you.", "only as agreed with the owner");

    /// <summary>Needs the grant of everybody who was recorded.</summary>
    public static readonly UsageTag AllowedUse = new("allowed", "DMI-ALLOWED", UsageRights.NoObjection, "AI training and data mining are allowed.");

    /// <summary>What came in without a word about its use. It is never written, and treated as <see cref="NoTdm"/> at every gate.</summary>
    public static readonly UsageTag Unmarked = new("unspecified", null, UsageRights.Nothing, "");

    /// <summary>The tags that a recording or a tenant can have, the loosest first.</summary>
    public static readonly IReadOnlyList<UsageTag> All = [AllowedUse, NoGenaiTraining, NoAiTraining, NoTdmExceptSearch, ConstrainedUse, NoTdm];

    private UsageTag(string name, string? plusToken, UsageRights rights, string statement, string? constraint = null)
    {
        Name = name;
        PlusToken = plusToken;
        Rights = rights;
        Statement = statement;
        Constraint = constraint;
    }

    /// <summary>The slug, for example <c>no-tdm</c>.</summary>
    public string Name { get; }

    /// <summary>Of the PLUS vocabulary for <c>plus:DataMining</c>; null for what is never written.</summary>
    public string? PlusToken { get; }

    public UsageRights Rights { get; }

    /// <summary>The tag as a sentence, in English, for carriers that hold words.</summary>
    public string Statement { get; }

    /// <summary>The condition of what is <see cref="UseDecision.Constrained"/>, as CAWG's <c>constraint_info</c>.</summary>
    public string? Constraint { get; }

    public static UsageTag? Parse(string name) => All.FirstOrDefault(tag => string.Equals(tag.Name, name, StringComparison.Ordinal));

    /// <summary>The name of rights that were joined: the loosest tag that is at least as strict.</summary>
    public static UsageTag Naming(UsageRights rights) => All.First(tag => tag.Rights.IsAsStrictAs(rights));

    public override string ToString() => Name;
}
