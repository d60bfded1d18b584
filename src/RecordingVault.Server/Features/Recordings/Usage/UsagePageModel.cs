using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>GET /recordings/{id}/use: what machines may do with it, who objects, what may be done; and the form that changes its tag.</summary>
public sealed record UsagePageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Name { get; init; }

    /// <summary>The tag of its own.</summary>
    public required string Tag { get; init; }

    /// <summary>As the form says it.</summary>
    public required string Chosen { get; init; }

    /// <summary>The tag in force.</summary>
    public required string Effective { get; init; }

    /// <summary>Its label lets no copy out, and no link show it.</summary>
    public bool IsRestricted { get; init; }

    public required IReadOnlyList<UsageLine> Lines { get; init; }

    /// <summary>The strictest first.</summary>
    public required IReadOnlyList<UsageChoice> Choices { get; init; }

    public required bool MayChange { get; init; }

    public required bool MayLoosen { get; init; }

    /// <summary>Where consent is missing, a second person may approve.</summary>
    public bool TakesApproval { get; init; }

    /// <summary>What waits for a second person; null where nothing does, and for whom it is not to know.</summary>
    public LooseningResponse? Asked { get; init; }

    /// <summary>As the form says it.</summary>
    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    /// <summary>Why nothing was changed, with the cure.</summary>
    public string? Error { get; init; }

    /// <summary>The member shows again who he is, and sends the form once more.</summary>
    public bool NeedsSignIn { get; init; }
}

/// <param name="Purpose">As the API calls it.</param>
/// <param name="Against">Who objects: tenant-policy, recording-tag, consent, found-mark.</param>
public sealed record UsageLine(string Purpose, bool IsAllowed, IReadOnlyList<string> Against);

/// <param name="IsLooser">Machines may do more than by the tag that it has.</param>
public sealed record UsageChoice(string Name, string Statement, bool IsLooser);
