using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>The page of the organisation's policy on use, and the answer to its form where something is wrong.</summary>
public sealed record UsagePolicyPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>As the form says it.</summary>
    public required string Tag { get; init; }

    /// <summary>As the form says it.</summary>
    public required IReadOnlyList<string> NeedConsent { get; init; }

    public required bool MayChange { get; init; }

    /// <summary>As the form says it: a second person's approval is taken where consent is missing.</summary>
    public bool Approval { get; init; }

    /// <summary>An Owner decides that.</summary>
    public bool MayDecideApproval { get; init; }

    /// <summary>The strictest first.</summary>
    public required IReadOnlyList<UsagePolicyTag> Tags { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<ProcessorResponse> Processors { get; init; }

    public string ProcessorName { get; init; } = "";

    public string? ProcessorNameError { get; init; }

    public string ProcessorReason { get; init; } = "";

    public string? ProcessorReasonError { get; init; }

    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }
}

public sealed record UsagePolicyTag(string Name, string Statement);
