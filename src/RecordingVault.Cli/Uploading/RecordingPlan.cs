namespace RecordingVault.Cli.Uploading;

/// <summary>What becomes one recording.</summary>
/// <param name="RecordingId">The recording that the files join; null where the first file makes one.</param>
internal sealed record RecordingPlan(Guid? RecordingId, string? Title, DateTimeOffset? RecordedAt, IReadOnlyList<PlannedUpload> Files)
{
    /// <summary>The program whose files they are, by the vault's own word for it; null where nothing tells.</summary>
    public string? Source { get; init; }
}

/// <param name="Role">Null where the content tells.</param>
internal sealed record PlannedUpload(LocalFile File, string? Role);
