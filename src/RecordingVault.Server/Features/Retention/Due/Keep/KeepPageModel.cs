using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <summary>GET /recordings/{id}/keep</summary>
public sealed record KeepPageModel
{
    public required PageFrame Frame { get; init; }

    public required KeepResponse Kept { get; init; }

    /// <summary>The recording's title.</summary>
    public required string Name { get; init; }

    /// <summary>Whether this reader may shorten what was said, or take it back.</summary>
    public bool MayEnd { get; init; }

    public KeepForm Form { get; init; } = new();

    /// <summary>The form that takes it back.</summary>
    public KeepForm End { get; init; } = new();
}

/// <summary>What the library’s bar leads to, for those that were ticked.</summary>
public sealed record KeepChosenPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<KeptOfSeveral> Recordings { get; init; }

    public KeepForm Form { get; init; } = new();
}

public sealed record KeptOfSeveral(Guid Id, string Title);

/// <summary>As it was typed, and what stands in its way.</summary>
public sealed record KeepForm
{
    public string Until { get; init; } = "";

    public string Reason { get; init; } = "";

    public string? UntilError { get; init; }

    public string? ReasonError { get; init; }

    /// <summary>What is wrong with none of the two.</summary>
    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }

    internal static KeepForm Refused(string until, string reason, Problem refusal) => new()
    {
        Until = until,
        Reason = reason,
        UntilError = refusal.Field is "until" ? refusal.Sentence : null,
        ReasonError = refusal.Field is "reason" ? refusal.Sentence : null,
        Error = refusal.Field is null ? refusal.Sentence : null,
        NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst,
    };
}
