using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Every minute: finds moves that are not over and at which nobody is, the oldest first, and what a store did not let go of.</summary>
internal sealed class SweepMovesJob(SystemScope system, JobQueue queue, JobEdge edge, ProcessingClaims claims, TimeProvider time) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-moves";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => NudgeAsync(tenantId, cancellationToken));
    }

    private async Task NudgeAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (over, movedBefore) = (claims.OverBefore, time.Now() - MoveEnding.OldKept);
        var now = time.Now();
        var due = await db.RecordingMoves
            .Where(move => move.DueAt == null || move.DueAt <= now)
            .Where(move => move.HasLeftovers || move.State == MoveState.GivingUp || (move.State == MoveState.Moved && move.MovedAt <= movedBefore)
                || ((move.State == MoveState.Waiting || move.State == MoveState.Running) && (move.ClaimedUntil == null || move.ClaimedUntil < over)))
            .OrderBy(move => move.Id).Take(AtOnce).Select(move => move.Id).ToListAsync(cancellationToken);
        var kept = now + MoveRows.NudgeKept;
        // One nudge is enough: while a long move runs, those behind it would be nudged each minute anew.
        await db.RecordingMoves.Where(move => due.Contains(move.Id)).ExecuteUpdateAsync(set => set.SetProperty(move => move.DueAt, kept), cancellationToken);
        foreach (var moveId in due)
            queue.Nudge<MoveFilesJob>(tenantId, moveId);
    }
}
