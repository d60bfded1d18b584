using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <summary>The page of the organisation's policy on consent, for all recordings or for those of one label, and the answer to its form where something is wrong.</summary>
public sealed record ConsentPolicyPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>As the API calls it; null for all.</summary>
    public required string? Label { get; init; }

    public required bool MayChange { get; init; }

    /// <summary>One for each purpose.</summary>
    public required IReadOnlyList<ConsentPolicyLine> Lines { get; init; }

    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }

    /// <summary>In the order of their codes.</summary>
    internal IReadOnlyList<RegionResponse> Regions { get; init; } = [];

    /// <summary>What was typed of a region and is not saved.</summary>
    internal RegionResponse? RegionTyped { get; init; }

    /// <summary>The code of the one that was to be removed, and is not.</summary>
    public string? RegionLeaving { get; init; }

    public string RegionReason { get; init; } = "";

    public string? RegionError { get; init; }

    /// <summary>The address of the same page for a label.</summary>
    public static string Address(string? label) => label is null ? ConsentPolicyPages.Path : $"{ConsentPolicyPages.Path}?label={label}";
}

/// <param name="Needs">As the form says it; empty where a label asks no more than what counts for all.</param>
/// <param name="WhenMissing">As the form says it.</param>
public sealed record ConsentPolicyLine(string Purpose, string Needs, string WhenMissing);
