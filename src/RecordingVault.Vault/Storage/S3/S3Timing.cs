namespace RecordingVault.Vault.Storage.S3;

/// <summary>How long an S3 store is waited for. A store that is full or dying answers nothing at all, for minutes: every wait has an end of its own.</summary>
internal sealed record S3Timing
{
    public static readonly S3Timing Default = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>One small request, and the time to the headers of a large answer.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>One segment on its way, at least 140 KiB/s.</summary>
    public TimeSpan Put { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing more of an answer that has begun.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>All tries of one request together, their pauses and waits for a turn too: whoever uploads is answered before his own patience ends.</summary>
    public TimeSpan AllTries { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// Between tries; their number is one more. Four seconds together outlast the restart of a small store, and eight a slow one; somebody waits at the other end.
    /// </summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } =
        [TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(4)];
}
