using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>The rows that say which moves are due and who is at one.</summary>
internal sealed class MoveRows(VaultDbContext db, ProcessingClaims claims, TimeProvider time) : IRecordingRows, IUnboundObjects
{
    /// <summary>A nudge is believed to be under way for so long; then the sweep gives another.</summary>
    public static readonly TimeSpan NudgeKept = TimeSpan.FromMinutes(10);

    /// <summary>What waits is looked at after one minute, two, four, and then each ten.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>Moves whose files are still to change over, or are being dropped; what only waits for its old objects to go hinders nobody.</summary>
    public IQueryable<RecordingMove> UnderWay(IReadOnlyCollection<Guid> recordingIds) => OpenOf(recordingIds).Where(move => move.State != MoveState.Moved);

    /// <summary>Moves that are not over, of which either recording is one of these.</summary>
    public IQueryable<RecordingMove> OpenOf(IReadOnlyCollection<Guid> recordingIds) => db.RecordingMoves.Where(move =>
        move.State != MoveState.Done && move.State != MoveState.GivenUp && (recordingIds.Contains(move.FromId) || recordingIds.Contains(move.ToId)));

    /// <summary>Takes it, unless somebody else is at it.</summary>
    /// <returns>Null when it is not his.</returns>
    public async Task<MoveClaim?> ClaimAsync(Guid moveId, CancellationToken cancellationToken)
    {
        var (over, until) = (claims.OverBefore, claims.Until);
        var taken = await db.RecordingMoves
            .Where(move => move.Id == moveId && (move.State == MoveState.Waiting || move.State == MoveState.Running) && (move.ClaimedUntil == null || move.ClaimedUntil < over))
            .ExecuteUpdateAsync(set => set.SetProperty(move => move.State, MoveState.Running).SetProperty(move => move.Reason, (string?)null).SetProperty(move => move.ClaimedUntil, until)
                .SetProperty(move => move.DueAt, (DateTimeOffset?)null), cancellationToken);
        return taken > 0 ? new MoveClaim(db.TenantId, moveId, until) : null;
    }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    /// <returns>Until when it is his now.</returns>
    /// <exception cref="MoveLostException">It is not his any more.</exception>
    public async Task<DateTimeOffset> RenewAsync(Guid moveId, DateTimeOffset held, int percent, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        var kept = await Held(moveId, held)
            .ExecuteUpdateAsync(set => set.SetProperty(move => move.ClaimedUntil, until).SetProperty(move => move.Percent, percent), cancellationToken);
        return kept > 0 ? until : throw new MoveLostException();
    }

    /// <summary>Lets go of it, for a later try: the later, the more tries in a row came to nothing. Nothing happens where the claim is not good any more.</summary>
    /// <param name="reason">What it waits for; null where the machine failed.</param>
    public Task ReleaseAsync(RecordingMove move, DateTimeOffset held, string? reason, CancellationToken cancellationToken)
    {
        var wait = Math.Min(LongestWait.TotalMinutes, Math.Pow(2, Math.Min(move.Waits, 10)));
        var (due, waits) = (time.Now() + TimeSpan.FromMinutes(wait), move.Waits + 1);
        return Held(move.Id, held).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, MoveState.Waiting).SetProperty(row => row.Reason, reason).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null)
                .SetProperty(row => row.DueAt, due).SetProperty(row => row.Waits, waits),
            cancellationToken);
    }

    /// <summary>Lets go of it in the midst of the work, so that others come to theirs. The caller nudges.</summary>
    public Task PauseAsync(Guid moveId, DateTimeOffset held, CancellationToken cancellationToken)
    {
        var due = time.Now() + NudgeKept;
        return Held(moveId, held).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, MoveState.Waiting).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null).SetProperty(row => row.DueAt, due).SetProperty(row => row.Waits, 0),
            cancellationToken);
    }

    /// <summary>The move, as long as a claim on it is good.</summary>
    public IQueryable<RecordingMove> Held(Guid moveId, DateTimeOffset held) => db.RecordingMoves.Where(move => move.Id == moveId && move.State == MoveState.Running && move.ClaimedUntil == held);

    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.RecordingMoves.Where(move => move.FromId == recordingId || move.ToId == recordingId).ExecuteDeleteAsync(cancellationToken);

    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => OpenOf([recordingId]).AnyAsync(cancellationToken);

    // As long as the row lives, thirty days: a vault may be off for a while. What the store does not let go of has its own round.
    public IQueryable<Guid> Recordings()
    {
        var ended = db.RecordingMoves.Where(move => move.EndedAt != null && !move.HasLeftovers);
        return ended.Select(move => move.ToId).Concat(ended.Select(move => move.FromId));
    }
}
