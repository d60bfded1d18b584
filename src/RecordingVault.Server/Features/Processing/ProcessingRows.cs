using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Processing;

/// <summary>The rows that say what is due, who works at it and what came of it. Each change is one statement or one short transaction, so that a kill leaves nothing in between.</summary>
internal sealed class ProcessingRows(VaultDbContext db, AuditLog audit, ProcessingClaims claims) : IRecordingRows
{
    /// <summary>After so many beginnings without an end the machine is at fault, not the hour.</summary>
    public const int MostTries = 5;

    /// <summary>Originals of the recording that nobody has finished and nobody is at, the first one first.</summary>
    public async Task<IReadOnlyList<RecordingAsset>> DueAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var over = claims.OverBefore;
        return await db.RecordingAssets.AsNoTracking()
            .Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment
                && !db.AssetProcessings.Any(row => row.Id == asset.Id && (row.State == ProcessingState.Done || row.State == ProcessingState.Failed || row.ClaimedUntil >= over || row.Tries >= MostTries)))
            .OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Takes it, unless somebody else did meanwhile.</summary>
    public async Task<bool> ClaimAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        var (over, until) = (claims.OverBefore, claims.Until);
        var taken = await db.AssetProcessings
            .Where(row => row.Id == asset.Id && row.State != ProcessingState.Done && row.State != ProcessingState.Failed && (row.ClaimedUntil == null || row.ClaimedUntil < over) && row.Tries < MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ProcessingState.Running).SetProperty(row => row.ClaimedUntil, until).SetProperty(row => row.Tries, row => row.Tries + 1), cancellationToken);
        if (taken > 0)
            return true;
        if (await db.AssetProcessings.AnyAsync(row => row.Id == asset.Id, cancellationToken))
            return false;
        db.AssetProcessings.Add(new AssetProcessing { TenantId = asset.TenantId, Id = asset.Id, RecordingId = asset.RecordingId, State = ProcessingState.Running, ClaimedUntil = until, Tries = 1 });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            return false; // another node made the row in the same moment, or the recording was destroyed
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    public Task ProgressAsync(Guid assetId, int percent, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        return db.AssetProcessings.Where(row => row.Id == assetId && row.State == ProcessingState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until).SetProperty(row => row.Percent, percent), cancellationToken);
    }

    /// <summary>Lets go of it, for the next try.</summary>
    public Task ReleaseAsync(Guid assetId, CancellationToken cancellationToken) =>
        db.AssetProcessings.Where(row => row.Id == assetId && row.State == ProcessingState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);

    /// <summary>What the file holds; the recording's length and day come from it where nobody gave them.</summary>
    public async Task TellFactsAsync(RecordingAsset asset, MediaFacts facts, ThumbnailSheet? sheet, OwnerKey key, CancellationToken cancellationToken)
    {
        var chapters = facts.Chapters.Count == 0 ? (SealedText?)null : SealedText.Seal(
            key, asset.TenantId, asset.Id, AssetProcessing.ChaptersColumn,
            JsonSerializer.Serialize(facts.Chapters.Select(chapter => new RecordingChapter(chapter.Start.TotalSeconds, chapter.End.TotalSeconds, chapter.Title)), JsonSerializerOptions.Web));
        await ChangeAsync(asset, row =>
        {
            row.DurationSeconds = facts.Duration?.TotalSeconds;
            (row.Width, row.Height, row.VideoCodec, row.SoundCodec) = (facts.Video?.Width, facts.Video?.Height, facts.Video?.Codec, facts.Sound?.Codec);
            (row.SheetStepSeconds, row.SheetColumns) = (sheet?.StepSeconds, sheet?.Columns);
            (row.BeganAt, row.Chapters) = (facts.BeganAt, chapters);
        }, (recording, isMain) =>
        {
            if (isMain && facts.Duration is { } duration)
                recording.DurationSeconds = duration.TotalSeconds;
            if (!isMain || recording.RecordedAt is not null || facts.BeganAt is null)
                return null;
            recording.RecordedAt = facts.BeganAt;
            return new AuditEntry("recording.dated", Actor.System, AuditTargetKind.Recording, recording.Id);
        }, cancellationToken);
    }

    public Task FinishAsync(RecordingAsset asset, CancellationToken cancellationToken) => ChangeAsync(asset, row =>
    {
        (row.State, row.Percent, row.Failure, row.ClaimedUntil) = (ProcessingState.Done, 100, null, null);
    }, (recording, isMain) =>
    {
        if (isMain && recording.State == RecordingState.Failed)
            recording.Judge(isFailed: false);
        return null;
    }, cancellationToken);

    public Task FailAsync(RecordingAsset asset, MediaFailure failure, CancellationToken cancellationToken) => ChangeAsync(asset, row =>
    {
        (row.State, row.Failure, row.ClaimedUntil) = (ProcessingState.Failed, failure.Slug(), null);
    }, (recording, isMain) =>
    {
        if (isMain)
            recording.Judge(isFailed: true);
        return null;
    }, cancellationToken);

    /// <summary>Puts what failed, or was given up, back among what is due.</summary>
    /// <returns>False where nothing had failed.</returns>
    public async Task<bool> BeginAnewAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await db.AssetProcessings.Where(row => row.RecordingId == recordingId && (row.State == ProcessingState.Failed || (row.State != ProcessingState.Done && row.Tries >= MostTries)))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.Tries, 0).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken) > 0;

    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.AssetProcessings.Where(row => row.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Changes row and recording together, with the event of what the recording was told; who changed the recording meanwhile is looked at again.</summary>
    private async Task ChangeAsync(RecordingAsset asset, Action<AssetProcessing> change, Func<Recording, bool, AuditEntry?> judge, CancellationToken cancellationToken)
    {
        const int mostTries = 16;
        for (var tries = 1; ; tries++)
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken); // people change the recording in their turn: none of them is to fail because of a job
            var row = await db.AssetProcessings.SingleOrDefaultAsync(row => row.Id == asset.Id, cancellationToken);
            var recording = await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == asset.RecordingId, cancellationToken);
            if (row is null || recording is null)
                throw new RecordingGoneException();
            var main = await db.RecordingAssets.Where(one => one.RecordingId == asset.RecordingId && one.Role == ObjectRole.OriginalSegment).OrderBy(one => one.Id).Select(one => one.Id).FirstAsync(cancellationToken);
            change(row);
            var told = judge(recording, main == asset.Id);
            if (db.Entry(recording).State == EntityState.Modified && !db.Entry(recording).Property(one => one.Version).IsModified)
                recording.Touch();
            try
            {
                if (told is not null)
                    await audit.AppendAsync(told, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException) when (tries < mostTries)
            {
                // Somebody changed the recording between reading and writing it: look again.
            }
        }
    }
}
