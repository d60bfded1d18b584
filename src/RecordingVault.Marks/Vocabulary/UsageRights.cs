namespace RecordingVault.Marks.Vocabulary;

/// <summary>A decision for each use. Rights are joined use by use and never by the names of tags, so that the order in which sources are asked makes no difference.</summary>
public readonly record struct UsageRights(UseDecision GenerativeTraining, UseDecision OtherTraining, UseDecision Inference, UseDecision Mining, UseDecision Search)
{
    /// <summary>Every use, in the order of the fields.</summary>
    public static readonly IReadOnlyList<Use> Uses = Enum.GetValues<Use>();

    /// <summary>What a source contributes that has nothing against any use. It permits nothing by itself: policy and tag always speak too.</summary>
    public static readonly UsageRights NoObjection = Same(UseDecision.Allowed);

    public static readonly UsageRights Nothing = Same(UseDecision.Prohibited);

    public UseDecision this[Use use] => use switch
    {
        Use.GenerativeTraining => GenerativeTraining,
        Use.OtherTraining => OtherTraining,
        Use.Inference => Inference,
        Use.Mining => Mining,
        Use.Search => Search,
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    public static UsageRights Same(UseDecision decision) => new(decision, decision, decision, decision, decision);

    /// <summary>Decides each use by itself.</summary>
    public static UsageRights Of(Func<Use, UseDecision> decide) =>
        new(decide(Use.GenerativeTraining), decide(Use.OtherTraining), decide(Use.Inference), decide(Use.Mining), decide(Use.Search));

    /// <summary>The least rights that are as strict as both.</summary>
    public UsageRights Join(UsageRights other)
    {
        var own = this;
        return Of(use => own[use].Join(other[use]));
    }

    /// <summary>What these rights say against each use when they stand in somebody else's mark: silence is no objection, and conditions that nobody here knows are a prohibition.</summary>
    public UsageRights AsObjections()
    {
        var own = this;
        return Of(use => own[use] is UseDecision.Constrained or UseDecision.Prohibited ? UseDecision.Prohibited : UseDecision.Allowed);
    }

    public bool IsAsStrictAs(UsageRights other) => Join(other) == this;
}
