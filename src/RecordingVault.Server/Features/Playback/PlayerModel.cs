namespace RecordingVault.Server.Features.Playback;

/// <summary>What the player needs to know before anything is fetched: nothing is, until the person presses play.</summary>
public sealed record PlayerModel
{
    /// <summary>Our own address of the content, with ranges.</summary>
    public required string Source { get; init; }

    public required string Title { get; init; }

    public required string MediaType { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>Drawn on the stage while nothing plays.</summary>
    public ReadOnlyMemory<byte>? ContentDigest { get; init; }

    public bool IsAudio => MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);
}
