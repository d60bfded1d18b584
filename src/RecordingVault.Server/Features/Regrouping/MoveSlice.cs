using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>
/// How long one run works while others wait behind it: moves of all tenants share one worker, and one of a hundred gigabytes must not hold up a small one for hours. Each piece
/// has its row, so a run that stops between two pieces loses nothing; it takes its place at the end of the queue.
/// </summary>
internal sealed class MoveSlice(JobQueue queue, TimeProvider time)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private readonly DateTimeOffset began = time.GetUtcNow();

    /// <summary>Asked between two pieces.</summary>
    public bool IsOver => time.GetUtcNow() - began >= Length && queue.IsWaitedFor(JobQueue.Whole);
}
