using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>Makes one copy without spans. It encodes a film, so it waits in the queue of those.</summary>
internal sealed class CutJob(CutMaking making) : ITenantJob
{
    public static string Name => "cut-recording";

    public static string Queue => JobQueue.Renditions;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => making.RunAsync(subjectId, cancellationToken);
}

/// <summary>Every minute: finds copies that nobody has made and nobody is at, gives up what has been tried too often, and takes back what is left of those that came to nothing.</summary>
internal sealed class SweepCutsJob(SystemScope system, MediaSandbox sandbox, JobQueue queue, JobEdge edge) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-cuts";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // What was nudged is not nudged again each minute for as long as somebody's film is encoded.
        var nudges = await sandbox.IsOnAsync() && !queue.IsWaitedFor(JobQueue.Renditions);
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => SweepAsync(tenantId, nudges, cancellationToken));
    }

    private async Task SweepAsync(Guid tenantId, bool nudges, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var (rows, ending) = (scope.ServiceProvider.GetRequiredService<CutRows>(), scope.ServiceProvider.GetRequiredService<CutEnding>());
        foreach (var cut in await rows.Spent().OrderBy(cut => cut.Id).Take(AtOnce).ToListAsync(cancellationToken))
            await edge.TryAsync(Name, cut.Id, () => ending.GiveUpSpentAsync(cut, cancellationToken));
        // Also where nothing can be made here just now: a copy that is waited for keeps its original from being destroyed.
        foreach (var cut in await rows.Pointless().OrderBy(cut => cut.Id).Take(AtOnce).ToListAsync(cancellationToken))
            await edge.TryAsync(Name, cut.Id, () => ending.GiveUpPointlessAsync(cut, cancellationToken));
        foreach (var cut in await ending.Left().OrderBy(cut => cut.Id).Take(AtOnce).ToListAsync(cancellationToken))
            await edge.TryAsync(Name, cut.Id, () => ending.RemoveAsync(cut, cancellationToken));
        if (!nudges)
            return;
        foreach (var cutId in await rows.Due().OrderBy(cut => cut.Id).Take(AtOnce).Select(cut => cut.Id).ToListAsync(cancellationToken))
            queue.Nudge<CutJob>(tenantId, cutId);
    }
}
