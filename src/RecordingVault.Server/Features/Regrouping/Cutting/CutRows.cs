using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>A worker's hold on a copy that is being made, as <see cref="ProcessingClaim"/> is one on an original.</summary>
/// <param name="Cut">The row as it was when it was taken.</param>
internal sealed record CutClaim(RecordingCut Cut, DateTimeOffset Since);

/// <summary>The rows that say which copies are due, who works at one and what came of it.</summary>
internal sealed class CutRows(VaultDbContext db, AuditLog audit, ProcessingClaims claims, TimeProvider time) : IRecordingRows, IUnboundObjects
{
    /// <summary>A vault may be off for a while.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(30);

    private static readonly TimeSpan s_longestUnread = TimeSpan.FromDays(1);

    /// <summary>
    /// Copies that nobody is at and whose time has come. What the original's files say of their own use has to be known before, since a copy carries it no more in itself;
    /// one that is not to be any more is due at once, to be given up.
    /// </summary>
    public IQueryable<RecordingCut> Due()
    {
        var (over, now) = (claims.OverBefore, claims.Now);
        var unread = MarksJob.Due(db);
        return db.RecordingCuts.AsNoTracking().Where(cut => (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running) && (cut.ClaimedUntil == null || cut.ClaimedUntil < over)
            && cut.Tries < ProcessingRows.MostTries && (cut.NotBefore == null || cut.NotBefore <= now)
            && (!unread.Any(asset => asset.RecordingId == cut.FromId) || db.Recordings.Any(from => from.Id == cut.FromId && (from.TrashedAt != null || from.IsBeingDestroyed))));
    }

    /// <summary>Copies whose last try has ended, by an error or by a kill, and of which nobody has been told.</summary>
    public IQueryable<RecordingCut> Spent()
    {
        var over = claims.OverBefore;
        return db.RecordingCuts.AsNoTracking().Where(cut => cut.Tries >= ProcessingRows.MostTries && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running) && (cut.ClaimedUntil == null || cut.ClaimedUntil < over));
    }

    /// <summary>Copies of a recording that are not there yet and still to come.</summary>
    public IQueryable<RecordingCut> UnderWay(Guid fromId) => db.RecordingCuts.Where(cut => cut.FromId == fromId && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running));

    /// <returns>Null where it is not due, or somebody else took it meanwhile.</returns>
    public async Task<CutClaim?> ClaimAsync(Guid cutId, CancellationToken cancellationToken)
    {
        var (over, until, now) = (claims.OverBefore, claims.Until, claims.Now);
        if (!await Due().AnyAsync(cut => cut.Id == cutId, cancellationToken))
            return null;
        var taken = await db.RecordingCuts
            .Where(cut => cut.Id == cutId && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running) && (cut.ClaimedUntil == null || cut.ClaimedUntil < over))
            .ExecuteUpdateAsync(
                set => set.SetProperty(cut => cut.State, ProcessingState.Running).SetProperty(cut => cut.ClaimedUntil, until).SetProperty(cut => cut.Tries, cut => cut.Tries + 1)
                    .SetProperty(cut => cut.RunSince, now).SetProperty(cut => cut.Percent, 0),
                cancellationToken);
        if (taken == 0)
            return null;
        var cut = await db.RecordingCuts.AsNoTracking().SingleOrDefaultAsync(cut => cut.Id == cutId && cut.RunSince == now, cancellationToken);
        return cut is null ? null : new CutClaim(cut, now);
    }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    public Task ProgressAsync(CutClaim claim, int percent, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        return Held(claim).ExecuteUpdateAsync(set => set.SetProperty(cut => cut.ClaimedUntil, until).SetProperty(cut => cut.Percent, percent), cancellationToken);
    }

    /// <summary>In the transaction that adds what was made: takes the tenant's turn, and nobody else takes the copy until it is there.</summary>
    /// <exception cref="ClaimLostException">Somebody else has taken it: what was made is not added.</exception>
    public async Task HoldAsync(CutClaim claim, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        await audit.TakeTurnAsync(cancellationToken);
        if (await Held(claim).ExecuteUpdateAsync(set => set.SetProperty(cut => cut.ClaimedUntil, until), cancellationToken) == 0)
            throw new ClaimLostException();
    }

    /// <summary>In the same transaction: the copy is there.</summary>
    public Task FinishAsync(CutClaim claim, int leftOut, CancellationToken cancellationToken)
    {
        DateTimeOffset? ended = time.Now();
        double? took = (ended.Value - claim.Since).TotalSeconds;
        return Held(claim).ExecuteUpdateAsync(
            set => set.SetProperty(cut => cut.State, ProcessingState.Done).SetProperty(cut => cut.Percent, 100).SetProperty(cut => cut.ClaimedUntil, (DateTimeOffset?)null).SetProperty(cut => cut.NotBefore, (DateTimeOffset?)null)
                .SetProperty(cut => cut.EndedAt, ended).SetProperty(cut => cut.WorkSeconds, took).SetProperty(cut => cut.LeftOut, leftOut),
            cancellationToken);
    }

    /// <summary>Lets go of it for the next try, as <see cref="ProcessingRows.ReleaseAsync"/> does.</summary>
    public async Task ReleaseAsync(CutClaim claim, bool isStopped, CancellationToken cancellationToken)
    {
        if (await Held(claim).Select(cut => (int?)cut.Tries).SingleOrDefaultAsync(cancellationToken) is not { } tries)
            return;
        var (left, notBefore) = isStopped ? (tries - 1, null) : (tries, claims.AgainAfter(tries));
        await Held(claim).ExecuteUpdateAsync(
            set => set.SetProperty(cut => cut.State, ProcessingState.Waiting).SetProperty(cut => cut.Tries, left).SetProperty(cut => cut.NotBefore, notBefore).SetProperty(cut => cut.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>The copy, as long as a claim on it is good.</summary>
    public IQueryable<RecordingCut> Held(CutClaim claim)
    {
        DateTimeOffset? since = claim.Since;
        return db.RecordingCuts.Where(cut => cut.Id == claim.Cut.Id && cut.State == ProcessingState.Running && cut.RunSince == since);
    }

    /// <summary>Copies that nobody is at and that are not to be any more: one of the two is in the trash or gone, or nothing read for a day what the original's files say of their use.</summary>
    public IQueryable<RecordingCut> Pointless()
    {
        var (over, late) = (claims.OverBefore, claims.Now - s_longestUnread);
        var unread = MarksJob.Due(db);
        return db.RecordingCuts.AsNoTracking().Where(cut => (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running) && (cut.ClaimedUntil == null || cut.ClaimedUntil < over)
            && (db.Recordings.Count(recording => (recording.Id == cut.FromId || recording.Id == cut.ToId) && recording.TrashedAt == null && !recording.IsBeingDestroyed) < 2
                || (cut.CreatedAt < late && unread.Any(asset => asset.RecordingId == cut.FromId))));
    }

    /// <summary>Bytes that the copies which are being made may take, with one of this film: none takes much more than its original.</summary>
    public Task<long> ComingBytesAsync(Guid assetId, CancellationToken cancellationToken) => db.RecordingAssets
        .Where(asset => asset.Id == assetId || db.RecordingCuts.Any(cut => cut.AssetId == asset.Id && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running)))
        .SumAsync(asset => asset.SizeInBytes, cancellationToken);

    /// <summary>In the transaction of a merge: what was made of the emptied recording, or was made as it, is of the other one from now on.</summary>
    public async Task FollowAsync(Guid fromId, Guid toId, CancellationToken cancellationToken)
    {
        var done = db.RecordingCuts.Where(cut => cut.State == ProcessingState.Done);
        await done.Where(cut => (cut.FromId == fromId && cut.ToId == toId) || (cut.FromId == toId && cut.ToId == fromId)).ExecuteDeleteAsync(cancellationToken);
        await done.Where(cut => cut.FromId == fromId).ExecuteUpdateAsync(set => set.SetProperty(cut => cut.FromId, toId), cancellationToken);
        await done.Where(cut => cut.ToId == fromId).ExecuteUpdateAsync(set => set.SetProperty(cut => cut.ToId, toId), cancellationToken);
    }

    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await db.EditPlans.Where(plan => plan.Id == recordingId).ExecuteDeleteAsync(cancellationToken);
        // A copy of this copy is one of what this was made of: what somebody takes back there has to find it.
        if (await db.RecordingCuts.Where(cut => cut.ToId == recordingId && cut.FromId != recordingId && cut.State == ProcessingState.Done).Select(cut => (Guid?)cut.FromId).FirstOrDefaultAsync(cancellationToken) is { } origin)
            await db.RecordingCuts.Where(cut => cut.FromId == recordingId && cut.ToId != origin && cut.State == ProcessingState.Done).ExecuteUpdateAsync(set => set.SetProperty(cut => cut.FromId, origin), cancellationToken);
        await db.RecordingCuts.Where(cut => cut.FromId == recordingId || cut.ToId == recordingId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>What is made is named by a manifest within the same run, which ends before a day is over.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings()
    {
        var since = time.Now() - s_lately;
        return db.RecordingCuts.Where(cut => cut.RunSince > since).Select(cut => cut.ToId);
    }
}
