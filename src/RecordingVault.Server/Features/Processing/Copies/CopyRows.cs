using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>A worker's hold on a copy, as <see cref="ProcessingClaim"/> is one on an original.</summary>
/// <param name="Copy">The row as it was when it was taken.</param>
internal sealed record CopyClaim(RecipientCopy Copy, DateTimeOffset Since);

/// <summary>What a copy is made of, and what is so while it is made.</summary>
/// <param name="Source">The original that lists tell of.</param>
internal sealed record CopyFacts(Guid Source, string Tag, string Label)
{
    /// <summary>Whether a copy says what is so.</summary>
    public bool Hold(RecipientCopy copy) => copy.MadeOf == Source && copy.MadeTag == Tag && copy.MadeLabel == Label && copy.MadeForm == CopyDrawing.Form;
}

/// <summary>The rows that say which copies are due, who works at one and what came of it; each change is one statement or one short transaction.</summary>
internal sealed class CopyRows(VaultDbContext db, ILiveLinks links, AuditLog audit, ProcessingClaims claims) : IRecordingRows
{
    /// <summary>Copies for a link that is open that nobody is at and whose time has come. Of what is restricted nothing leaves by a link.</summary>
    public IQueryable<RecipientCopy> Due()
    {
        var (over, now, live) = (claims.OverBefore, claims.Now, links.Links());
        return db.RecipientCopies.AsNoTracking().Where(copy => copy.IsWanted && live.Contains(copy.Id)
            && (copy.State == ProcessingState.Waiting || copy.State == ProcessingState.Running) && (copy.ClaimedUntil == null || copy.ClaimedUntil < over)
            && copy.Tries < ProcessingRows.MostTries && (copy.NotBefore == null || copy.NotBefore <= now)
            && db.Recordings.Any(recording => recording.Id == copy.RecordingId && recording.State != RecordingState.Receiving && recording.Label != ConfidentialityLabel.Restricted)
            && db.RecordingAssets.Any(asset => asset.RecordingId == copy.RecordingId && asset.Role == ObjectRole.OriginalSegment));
    }

    /// <summary>Copies whose last try has ended, by an error or by a kill, and of which nobody has been told.</summary>
    public Task GiveUpSpentAsync(CancellationToken cancellationToken)
    {
        var over = claims.OverBefore;
        return db.RecipientCopies
            .Where(copy => copy.Tries >= ProcessingRows.MostTries && (copy.State == ProcessingState.Waiting || copy.State == ProcessingState.Running) && (copy.ClaimedUntil == null || copy.ClaimedUntil < over))
            .ExecuteUpdateAsync(
                set => set.SetProperty(copy => copy.State, ProcessingState.Failed).SetProperty(copy => copy.Failure, ProcessingRows.GivenUp).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
    }

    /// <returns>Null where it is not due, or somebody else took it meanwhile.</returns>
    public async Task<CopyClaim?> ClaimAsync(Guid copyId, CancellationToken cancellationToken)
    {
        var (over, until, now) = (claims.OverBefore, claims.Until, claims.Now);
        if (!await Due().AnyAsync(copy => copy.Id == copyId, cancellationToken))
            return null;
        var taken = await db.RecipientCopies
            .Where(copy => copy.Id == copyId && copy.IsWanted && (copy.State == ProcessingState.Waiting || copy.State == ProcessingState.Running) && (copy.ClaimedUntil == null || copy.ClaimedUntil < over))
            .ExecuteUpdateAsync(
                set => set.SetProperty(copy => copy.State, ProcessingState.Running).SetProperty(copy => copy.ClaimedUntil, until).SetProperty(copy => copy.Tries, copy => copy.Tries + 1)
                    .SetProperty(copy => copy.RunSince, now).SetProperty(copy => copy.Percent, 0),
                cancellationToken);
        if (taken == 0)
            return null;
        var copy = await db.RecipientCopies.AsNoTracking().SingleOrDefaultAsync(copy => copy.Id == copyId && copy.RunSince == now, cancellationToken);
        return copy is null ? null : new CopyClaim(copy, now);
    }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    /// <returns>False where the claim is lost: what is being made is wanted by nobody.</returns>
    public async Task<bool> ProgressAsync(CopyClaim claim, int percent, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        return await Held(claim).ExecuteUpdateAsync(set => set.SetProperty(copy => copy.ClaimedUntil, until).SetProperty(copy => copy.Percent, percent), cancellationToken) > 0;
    }

    /// <summary>From here on the link shows it.</summary>
    /// <exception cref="ClaimLostException">Somebody else has taken it up, or it is to say something else by now: it is not taken.</exception>
    public async Task FinishAsync(CopyClaim claim, CopyParts parts, CopyFacts facts, OwnerKey key, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var (file, made) = (parts.File.Id, parts.Seal(claim.Copy, key));
        var kept = await Held(claim).ExecuteUpdateAsync(
            set => set.SetProperty(copy => copy.State, ProcessingState.Done).SetProperty(copy => copy.Percent, 100).SetProperty(copy => copy.Failure, (string?)null)
                .SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null).SetProperty(copy => copy.NotBefore, (DateTimeOffset?)null)
                .SetProperty(copy => copy.AssetId, file).SetProperty(copy => copy.Parts, made)
                .SetProperty(copy => copy.MadeOf, facts.Source).SetProperty(copy => copy.MadeTag, facts.Tag).SetProperty(copy => copy.MadeLabel, facts.Label).SetProperty(copy => copy.MadeForm, CopyDrawing.Form),
            cancellationToken);
        if (kept == 0)
            throw new ClaimLostException();
        // Who was let in to the one before it is asked again.
        await audit.AppendAsync(
            new AuditEntry("share.copy-made", Actor.System, AuditTargetKind.Share, claim.Copy.Id) { ChangesPermission = true, Fields = [("copy", $"{file}"), ("tag", facts.Tag), ("label", facts.Label)] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task FailAsync(CopyClaim claim, string failure, CancellationToken cancellationToken) => Held(claim).ExecuteUpdateAsync(
        set => set.SetProperty(copy => copy.State, ProcessingState.Failed).SetProperty(copy => copy.Failure, failure).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);

    /// <summary>Lets go of it for the next try, as <see cref="ProcessingRows.ReleaseAsync"/> does.</summary>
    public async Task ReleaseAsync(CopyClaim claim, bool isStopped, CancellationToken cancellationToken)
    {
        if (await Held(claim).Select(copy => (int?)copy.Tries).SingleOrDefaultAsync(cancellationToken) is not { } tries)
            return;
        var (left, notBefore) = isStopped ? (tries - 1, null) : (tries, claims.AgainAfter(tries));
        await Held(claim).ExecuteUpdateAsync(
            set => set.SetProperty(copy => copy.State, ProcessingState.Waiting).SetProperty(copy => copy.Tries, left).SetProperty(copy => copy.NotBefore, notBefore).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>Puts one that was made back among what has to be made.</summary>
    /// <param name="assetId">The file that it has; with another one by now, it stays.</param>
    /// <param name="isWhole">The film has to be encoded anew, and not only its front signed.</param>
    /// <returns>Whether it was put back.</returns>
    public async Task<bool> AwaitAsync(Guid copyId, Guid assetId, bool isWhole, CancellationToken cancellationToken) =>
        await Waiting(db.RecipientCopies.Where(copy => copy.Id == copyId && copy.State == ProcessingState.Done && copy.AssetId == assetId), isWhole, cancellationToken) > 0;

    /// <summary>The same for its owner, who asks for it: also of one that failed, and not of one that somebody is at or will be.</summary>
    public async Task<bool> BeginAnewAsync(Guid copyId, CancellationToken cancellationToken) =>
        await Waiting(db.RecipientCopies.Where(copy => copy.Id == copyId && copy.IsWanted && (copy.State == ProcessingState.Done || copy.State == ProcessingState.Failed)), isWhole: true, cancellationToken) > 0;

    /// <summary>The link is over, or wants no copy: what was made is gone.</summary>
    public Task ForgetMadeAsync(RecipientCopy copy, CancellationToken cancellationToken) => db.RecipientCopies.Where(row => row.Id == copy.Id && row.AssetId == copy.AssetId).ExecuteUpdateAsync(
        set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.AssetId, (Guid?)null).SetProperty(row => row.Parts, (SealedText?)null)
            .SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.Percent, 0).SetProperty(row => row.Tries, 0).SetProperty(row => row.NotBefore, (DateTimeOffset?)null)
            .SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
        cancellationToken);

    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) => db.RecipientCopies.Where(copy => copy.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);

    private static Task<int> Waiting(IQueryable<RecipientCopy> copies, bool isWhole, CancellationToken cancellationToken) => copies.ExecuteUpdateAsync(
        set => set.SetProperty(copy => copy.MadeForm, copy => isWhole ? null : copy.MadeForm)
            .SetProperty(copy => copy.State, ProcessingState.Waiting).SetProperty(copy => copy.Percent, 0).SetProperty(copy => copy.Tries, 0).SetProperty(copy => copy.Failure, (string?)null)
            .SetProperty(copy => copy.NotBefore, (DateTimeOffset?)null).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null),
        cancellationToken);

    private IQueryable<RecipientCopy> Held(CopyClaim claim)
    {
        DateTimeOffset? since = claim.Since;
        return db.RecipientCopies.Where(copy => copy.Id == claim.Copy.Id && copy.IsWanted && copy.State == ProcessingState.Running && copy.RunSince == since);
    }
}
