using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>Evidence whose recording is gone.</summary>
public sealed record EvidencePageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<LoneFile> Files { get; init; }

    /// <summary>Null where there is no more.</summary>
    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;
}

/// <param name="Person">As he was named when it was given.</param>
/// <param name="Answers">How many answers it showed.</param>
/// <param name="KeptUntil">The sweep destroys it then; null: at its next round.</param>
public sealed record LoneFile(Guid Id, string Name, long SizeInBytes, string Person, int Answers, DateTimeOffset AddedAt, DateTimeOffset? KeptUntil);
