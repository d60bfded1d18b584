namespace RecordingVault.Vault.Storage;

/// <summary>
/// When a stream of bytes gives its thread back. Where the other side gives or takes as fast as we do, nothing ever makes us wait, and the thread that
/// serves it would serve nobody else. So it goes to the end of the queue when somebody stands in it, and now and then in any case. One for each stream.
/// </summary>
public struct StreamTurn
{
    /// <summary>A millisecond of work, or so: then in any case.</summary>
    private const long Longest = 2 * 1024 * 1024;

    /// <summary>As much as one flush moves: less would cost more in hops than whoever waits gains.</summary>
    private const long Shortest = 512 * 1024;

    private long moved;

    /// <summary>Counts bytes that were moved; true when <see cref="Task.Yield"/> should be awaited now.</summary>
    public bool IsOverAfter(long bytes)
    {
        moved += bytes;
        if (moved < Shortest || (moved < Longest && ThreadPool.PendingWorkItemCount == 0)) return false;
        moved = 0;
        return true;
    }
}
