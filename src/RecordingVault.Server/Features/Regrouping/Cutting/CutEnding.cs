using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>The end of a copy that is not to be: told once, and its recording, which holds nothing, is taken back.</summary>
internal sealed class CutEnding(VaultDbContext db, CutRows rows, RecordingRemoval removal, UploadEnding uploads, AuditLog audit, TimeProvider time)
{
    public const string GivenUp = "recording.cut-given-up";

    /// <summary>Copies that came to nothing and whose recording is still there, empty.</summary>
    public IQueryable<RecordingCut> Left() => db.RecordingCuts.AsNoTracking().Where(cut => cut.State == ProcessingState.Failed
        && db.Recordings.Any(recording => recording.Id == cut.ToId && recording.ManifestObjectId == null && recording.State == RecordingState.Receiving)
        && !db.Uploads.Any(upload => upload.RecordingId == cut.ToId) && !db.Shares.Any(share => share.RecordingId == cut.ToId));

    /// <summary>Nothing happens where the claim is not good any more.</summary>
    public Task GiveUpAsync(CutClaim claim, string reason, CancellationToken cancellationToken) => GiveUpAsync(claim.Cut, rows.Held(claim), reason, cancellationToken);

    /// <summary>Of which every try has ended without a word.</summary>
    public Task GiveUpSpentAsync(RecordingCut cut, CancellationToken cancellationToken) => GiveUpAsync(
        cut, db.RecordingCuts.Where(row => row.Id == cut.Id && row.Tries >= ProcessingRows.MostTries && row.RunSince == cut.RunSince && row.State == cut.State), ProcessingRows.GivenUp, cancellationToken);

    /// <summary>One that is not to be any more, and that nobody is at.</summary>
    public async Task GiveUpPointlessAsync(RecordingCut cut, CancellationToken cancellationToken)
    {
        var there = await db.Recordings.CountAsync(recording => (recording.Id == cut.FromId || recording.Id == cut.ToId) && recording.TrashedAt == null && !recording.IsBeingDestroyed, cancellationToken);
        await GiveUpAsync(cut, rows.Pointless().Where(row => row.Id == cut.Id && row.RunSince == cut.RunSince), there < 2 ? "in-trash" : "unread", cancellationToken);
    }

    /// <summary>The recording that was made for it goes with it, where nothing else came into it.</summary>
    public async Task RemoveAsync(RecordingCut cut, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (!await removal.HoldsNothingAsync(cut.ToId, cancellationToken) || await db.Uploads.AnyAsync(upload => upload.RecordingId == cut.ToId, cancellationToken))
                return;
            db.EndedUploads.Add(new EndedUpload { TenantId = cut.TenantId, Id = cut.Id, MemberId = cut.MemberId, EndedAt = time.Now(), RemovedRecordingId = cut.ToId });
            await removal.RemoveRowsAsync(cut.ToId, Actor.System, cancellationToken);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                return; // something refers to it, a link that was made meanwhile: then it stays, empty, and its owner decides
            }

            await transaction.CommitAsync(cancellationToken);
        }

        await uploads.GoOnAsync(cut.Id, cancellationToken);
    }

    private async Task GiveUpAsync(RecordingCut cut, IQueryable<RecordingCut> held, string reason, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            DateTimeOffset? now = time.Now();
            var given = await held.ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, ProcessingState.Failed).SetProperty(row => row.Failure, reason).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null).SetProperty(row => row.EndedAt, now), cancellationToken);
            if (given == 0)
                return;
            await audit.AppendAsync(new AuditEntry(GivenUp, Actor.System, AuditTargetKind.Recording, cut.FromId) { Fields = [("reason", reason), ("into", $"{cut.ToId}")] }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await RemoveAsync(cut, cancellationToken);
    }
}
