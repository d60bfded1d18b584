using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Members;

/// <summary>Each day: deletes sessions and links that ended over 30 days ago. They open nothing, and say where somebody was, and whom somebody knows.</summary>
internal sealed class SweepEndedJob(IEnumerable<IEndedRows> rows, JobEdge edge, TimeProvider time) : ISystemJob
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static string Name => "sweep-ended";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = time.Now() - Kept;
        foreach (var kind in rows)
            await edge.TryAsync(Name, Guid.Empty, () => kind.DeleteAsync(before, cancellationToken));
    }
}
