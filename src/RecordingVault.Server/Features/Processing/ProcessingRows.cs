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
    /// <summary>After so many beginnings without an end the machine is at fault, not the hour: somebody has to look.</summary>
    public const int MostTries = 6;

    /// <summary>Our word for that.</summary>
    public const string GivenUp = "given-up";

    /// <summary>Originals that a stage has to be made of, that nobody is at, and whose time has come.</summary>
    public IQueryable<RecordingAsset> Due(MakingStage stage)
    {
        var (over, now) = (claims.OverBefore, claims.Now);
        var originals = db.RecordingAssets.AsNoTracking().Where(asset => asset.Role == ObjectRole.OriginalSegment);
        return stage == MakingStage.Rendition
            ? originals.Where(asset => db.AssetProcessings.Any(row => row.Id == asset.Id && row.NeedsRendition && (row.State == ProcessingState.Waiting || row.State == ProcessingState.Running)
                && (row.ClaimedUntil == null || row.ClaimedUntil < over) && row.Tries < MostTries && (row.NotBefore == null || row.NotBefore <= now)))
            : originals.Where(asset => !db.AssetProcessings.Any(row => row.Id == asset.Id
                && (row.NeedsRendition || row.State == ProcessingState.Done || row.State == ProcessingState.Failed || row.ClaimedUntil >= over || row.Tries >= MostTries || row.NotBefore > now)));
    }

    /// <returns>Null where somebody else took it meanwhile.</returns>
    public async Task<ProcessingClaim?> ClaimAsync(RecordingAsset asset, MakingStage stage, CancellationToken cancellationToken)
    {
        var (over, until, now) = (claims.OverBefore, claims.Until, claims.Now);
        var (isRendition, percent) = stage == MakingStage.Rendition ? (true, AssetProcessing.SmallPercent) : (false, 0);
        var taken = await db.AssetProcessings
            .Where(row => row.Id == asset.Id && row.NeedsRendition == isRendition && row.State != ProcessingState.Done && row.State != ProcessingState.Failed
                && (row.ClaimedUntil == null || row.ClaimedUntil < over) && row.Tries < MostTries)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, ProcessingState.Running).SetProperty(row => row.ClaimedUntil, until).SetProperty(row => row.Tries, row => row.Tries + 1)
                    .SetProperty(row => row.RunSince, now).SetProperty(row => row.Percent, percent),
                cancellationToken);
        if (taken > 0)
            return new ProcessingClaim(asset, now);
        if (isRendition || await db.AssetProcessings.AnyAsync(row => row.Id == asset.Id, cancellationToken))
            return null;
        db.AssetProcessings.Add(new AssetProcessing { TenantId = asset.TenantId, Id = asset.Id, RecordingId = asset.RecordingId, State = ProcessingState.Running, ClaimedUntil = until, Tries = 1, RunSince = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new ProcessingClaim(asset, now);
        }
        catch (DbUpdateException)
        {
            return null; // another node made the row in the same moment, or the recording was destroyed
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    public Task ProgressAsync(ProcessingClaim claim, int percent, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        return Held(claim).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until).SetProperty(row => row.Percent, percent), cancellationToken);
    }

    /// <summary>In the transaction that adds what was made: nobody else takes it until that is there.</summary>
    /// <exception cref="ClaimLostException">Somebody else has taken it: what was made is not added.</exception>
    public async Task HoldAsync(ProcessingClaim claim, CancellationToken cancellationToken)
    {
        var until = claims.Until;
        await audit.TakeTurnAsync(cancellationToken); // the log's lock first, as everywhere
        if (await Held(claim).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), cancellationToken) == 0)
            throw new ClaimLostException();
    }

    /// <summary>All but the rendition is made: that waits for a worker of its own.</summary>
    public Task HandOverAsync(ProcessingClaim claim, CancellationToken cancellationToken) =>
        Held(claim).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.NeedsRendition, true).SetProperty(row => row.Percent, AssetProcessing.SmallPercent)
                .SetProperty(row => row.Tries, 0).SetProperty(row => row.NotBefore, (DateTimeOffset?)null).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);

    /// <summary>Lets go of it for the next try, which waits longer each time; after the last one a sweep says that it is given up.</summary>
    /// <param name="isStopped">The server is stopping: nothing has failed, and the try does not count.</param>
    public async Task ReleaseAsync(ProcessingClaim claim, bool isStopped, CancellationToken cancellationToken)
    {
        var running = Held(claim);
        if (await running.Select(row => (int?)row.Tries).SingleOrDefaultAsync(cancellationToken) is not { } tries)
            return;
        var (left, notBefore) = isStopped ? (tries - 1, null) : (tries, claims.AgainAfter(tries));
        await running.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.Tries, left).SetProperty(row => row.NotBefore, notBefore).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>Originals whose last try has ended, by an error or by a kill, and that nobody has been told of.</summary>
    public IQueryable<RecordingAsset> Spent()
    {
        var over = claims.OverBefore;
        return db.RecordingAssets.AsNoTracking().Where(asset => db.AssetProcessings.Any(row => row.Id == asset.Id && row.Tries >= MostTries
            && (row.State == ProcessingState.Waiting || row.State == ProcessingState.Running) && (row.ClaimedUntil == null || row.ClaimedUntil < over)));
    }

    /// <summary>Says of work whose tries are spent that it has failed, so that somebody sees it and can ask for it again.</summary>
    public async Task GiveUpAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        var isSpent = false;
        await ChangeAsync(asset, null, row =>
        {
            // Somebody may have asked for it again meanwhile.
            isSpent = row.Tries >= MostTries && row.State is ProcessingState.Waiting or ProcessingState.Running && (row.ClaimedUntil is not { } until || until < claims.OverBefore);
            if (isSpent)
                (row.State, row.Failure, row.ClaimedUntil, row.NotBefore) = (ProcessingState.Failed, GivenUp, null, null);
        }, (recording, isMain) =>
        {
            if (isSpent && isMain)
                recording.Judge(isFailed: true);
            return null;
        }, cancellationToken);
    }

    /// <summary>What the file holds; the recording's length and day come from it where nobody gave them.</summary>
    public async Task TellFactsAsync(ProcessingClaim claim, MediaFacts facts, ThumbnailSheet? sheet, OwnerKey key, CancellationToken cancellationToken)
    {
        var asset = claim.Asset;
        var chapters = facts.Chapters.Count == 0 ? (SealedText?)null : SealedText.Seal(
            key, asset.TenantId, asset.Id, AssetProcessing.ChaptersColumn,
            JsonSerializer.Serialize(facts.Chapters.Select(chapter => new RecordingChapter(chapter.Start.TotalSeconds, chapter.End.TotalSeconds, chapter.Title)), JsonSerializerOptions.Web));
        await ChangeAsync(asset, claim, row =>
        {
            row.DurationSeconds = facts.Duration?.TotalSeconds;
            (row.Width, row.Height, row.VideoCodec, row.SoundCodec) = (facts.Video?.Width, facts.Video?.Height, facts.Video?.Codec, facts.Sound?.Codec);
            (row.SheetStepSeconds, row.SheetColumns) = (sheet?.StepSeconds, sheet?.Columns);
            // A copy without some spans names no chapters itself: those of its original were put here, moved.
            (row.BeganAt, row.Chapters) = (facts.BeganAt, chapters ?? row.Chapters);
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

    public Task FinishAsync(ProcessingClaim claim, CancellationToken cancellationToken) => ChangeAsync(claim.Asset, claim, row =>
    {
        (row.State, row.Percent, row.Failure, row.ClaimedUntil, row.NotBefore, row.NeedsRendition) = (ProcessingState.Done, 100, null, null, null, false);
    }, (recording, isMain) =>
    {
        if (isMain && recording.State == RecordingState.Failed)
            recording.Judge(isFailed: false);
        return null;
    }, cancellationToken);

    public Task FailAsync(ProcessingClaim claim, MediaFailure failure, CancellationToken cancellationToken) => ChangeAsync(claim.Asset, claim, row =>
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
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.Tries, 0).SetProperty(row => row.NeedsRendition, false)
                    .SetProperty(row => row.NotBefore, (DateTimeOffset?)null).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
                cancellationToken) > 0;

    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.AssetProcessings.Where(row => row.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);

    private IQueryable<AssetProcessing> Held(ProcessingClaim claim)
    {
        DateTimeOffset? since = claim.Since;
        return db.AssetProcessings.Where(row => row.Id == claim.Asset.Id && row.State == ProcessingState.Running && row.RunSince == since);
    }

    /// <summary>Changes row and recording together, with the event of what the recording was told; who changed the recording meanwhile is looked at again.</summary>
    /// <param name="claim">Of whoever made something of it; null for who only looks after the rows.</param>
    private async Task ChangeAsync(RecordingAsset asset, ProcessingClaim? claim, Action<AssetProcessing> change, Func<Recording, bool, AuditEntry?> judge, CancellationToken cancellationToken)
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
            if (claim is not null && (row.State != ProcessingState.Running || row.RunSince != claim.Since))
                throw new ClaimLostException();
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
