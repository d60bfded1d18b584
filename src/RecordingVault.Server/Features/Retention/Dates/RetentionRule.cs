using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>For which recordings a schedule is; the higher, the more specific.</summary>
internal enum RetentionScope
{
    Tenant,
    Source,
    Label,
    Collection,
    Recording,
}

/// <summary>From which moment a period is counted.</summary>
internal enum RetentionTrigger
{
    /// <summary>When the meeting was.</summary>
    Recorded,

    /// <summary>When its last byte came in.</summary>
    Uploaded,

    /// <summary>When somebody last watched or took it; its upload where nobody ever did.</summary>
    LastViewed,

    /// <summary>Since when somebody in it has taken back that it is kept or watched; not at all while nobody has.</summary>
    ConsentWithdrawn,

    /// <summary>When the last matter that held it was closed; not at all for what was never in one.</summary>
    MatterClosed,
}

/// <summary>What happens on the day.</summary>
internal enum DisposalAction
{
    /// <summary>It waits for somebody's decision.</summary>
    Review,

    /// <summary>It goes to the trash, and from there for good.</summary>
    Destroy,
}

/// <summary>A schedule as the reckoning needs it.</summary>
/// <param name="Id">Breaks ties: the older schedule is named.</param>
/// <param name="Target">Label, source or id that it is for, as <see cref="RetentionFacts"/> tell them; null for a whole tenant.</param>
/// <param name="KeepAtLeast">The obligation; null where there is none.</param>
/// <param name="DisposeAfter">The wish; null where there is none.</param>
internal sealed record RetentionRule(
    Guid Id, RetentionScope Scope, string? Target, RetentionTrigger Trigger, RetentionPeriod? KeepAtLeast, RetentionPeriod? DisposeAfter, DisposalAction Action, int GraceInDays)
{
    public bool AppliesTo(RetentionFacts facts) => Scope switch
    {
        RetentionScope.Tenant => true,
        RetentionScope.Source => Target == facts.SourceName,
        RetentionScope.Label => Target == facts.Label.Name(),
        RetentionScope.Collection => facts.CollectionId is { } collection && Target == collection.ToString(),
        _ => Target == facts.RecordingId.ToString(),
    };
}

/// <summary>What a recording's date is reckoned from.</summary>
internal sealed record RetentionFacts
{
    public required Guid RecordingId { get; init; }
    public required ConfidentialityLabel Label { get; init; }
    public RecordingSource? Source { get; init; }
    public Guid? CollectionId { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Null while it is received: nothing is disposed of then.</summary>
    public DateTimeOffset? UploadedAt { get; init; }
    public DateTimeOffset? LastViewedAt { get; init; }
    public DateTimeOffset? ConsentWithdrawnAt { get; init; }
    public DateTimeOffset? MatterClosedAt { get; init; }

    /// <summary>Until when a person keeps it; null where nobody does.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>What obliged to keep it when its date was last reckoned: a changed day, label or collection sheds no obligation, and only whoever may lower the rule ends it. Null where nothing did.</summary>
    public DateTimeOffset? ObligedBefore { get; init; }

    /// <summary>The schedule that obliged; null where a person kept it.</summary>
    public Guid? ObligationBefore { get; init; }

    public string SourceName => Source?.Name() ?? RecordingSources.Other;

    /// <summary>Null where it has not come to pass.</summary>
    public DateTimeOffset? MomentOf(RetentionTrigger trigger) => UploadedAt is not { } uploadedAt ? null : trigger switch
    {
        RetentionTrigger.Recorded => RecordedAt,
        RetentionTrigger.Uploaded => uploadedAt,
        RetentionTrigger.LastViewed => LastViewedAt ?? uploadedAt,
        RetentionTrigger.ConsentWithdrawn => ConsentWithdrawnAt,
        _ => MatterClosedAt,
    };
}
