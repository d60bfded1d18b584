using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing.Marks;

/// <summary>Which links have a visible mark, and how far their copies are.</summary>
internal sealed class VisibleMarks(VaultDbContext db, CopyRows rows, MediaSandbox sandbox, UsageReading usage, JobQueue jobs, TimeProvider time)
{
    private static readonly Problem s_noFilm = Problem.Invalid(VisibleMarkRequest.Field, "this recording has no picture to draw on. Leave the mark out.");
    private static readonly Problem s_noTools = Problem.Invalid(VisibleMarkRequest.Field, "this vault can't draw on films now: ffmpeg, its sandbox or its font is missing. Leave the mark out, or ask whoever runs the vault.");

    /// <summary>Whether pages offer a mark: what plays is a film, by its kind.</summary>
    public static bool Suits(RecordingResponse recording) =>
        recording.Assets.FirstOrDefault(asset => asset.Id == recording.Plays)?.MediaType.StartsWith("video/", StringComparison.Ordinal) is true;

    /// <summary>The mark of a link; null where it has none.</summary>
    public Task<RecipientCopy?> FindAsync(Guid shareId, CancellationToken cancellationToken) => db.RecipientCopies.AsNoTracking().SingleOrDefaultAsync(copy => copy.Id == shareId && copy.IsWanted, cancellationToken);

    /// <summary>Why a link of this recording can have no mark; null where it can.</summary>
    public async Task<Problem?> CheckAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (!await sandbox.MayBeDrawnAsync())
            return s_noTools;
        var main = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id)
            .Select(asset => new { asset.MediaType, Row = db.AssetProcessings.Where(row => row.Id == asset.Id).Select(row => new { row.State, row.Width }).FirstOrDefault() }).FirstOrDefaultAsync(cancellationToken);
        // What is still arriving, or was not looked at yet, shows it when the copy is made.
        return main is not null && (main.MediaType.StartsWith("audio/", StringComparison.Ordinal) || main.Row is { State: ProcessingState.Done, Width: null }) ? s_noFilm : null;
    }

    /// <summary>In the transaction that makes or changes the link: its mark is to be this, and what was made before is shown no more.</summary>
    /// <param name="recipient">Whose name stands in it.</param>
    public async Task SetAsync(Share share, MarkWish wish, string recipient, OwnerKey key, CancellationToken cancellationToken)
    {
        var (slate, corner, language) = wish;
        var name = SealedText.Seal(key, share.TenantId, share.Id, RecipientCopy.RecipientColumn, recipient.Trim());
        var changed = await db.RecipientCopies.Where(copy => copy.Id == share.Id).ExecuteUpdateAsync(
            set => set.SetProperty(copy => copy.IsWanted, true).SetProperty(copy => copy.HasSlate, slate).SetProperty(copy => copy.HasCorner, corner).SetProperty(copy => copy.Language, language)
                .SetProperty(copy => copy.Recipient, name).SetProperty(copy => copy.State, ProcessingState.Waiting).SetProperty(copy => copy.MadeForm, (int?)null).SetProperty(copy => copy.Percent, 0)
                .SetProperty(copy => copy.Tries, 0).SetProperty(copy => copy.Failure, (string?)null).SetProperty(copy => copy.NotBefore, (DateTimeOffset?)null).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
        if (changed == 0)
            db.RecipientCopies.Add(new RecipientCopy { TenantId = share.TenantId, Id = share.Id, RecordingId = share.RecordingId, HasSlate = slate, HasCorner = corner, Language = language, Recipient = name });
        db.AfterCommit(() => jobs.Nudge<CopyJob>(share.TenantId, share.Id));
    }

    /// <summary>In the transaction that changes the link: it shows the film as it is from here on, and a sweep takes the copy away once whoever reads it was cut off.</summary>
    public Task TakeAwayAsync(Guid shareId, CancellationToken cancellationToken)
    {
        DateTimeOffset? gone = time.Now() + LiveLinks.CutOff;
        return db.RecipientCopies.Where(copy => copy.Id == shareId).ExecuteUpdateAsync(
            set => set.SetProperty(copy => copy.IsWanted, false).SetProperty(copy => copy.State, ProcessingState.Waiting).SetProperty(copy => copy.ClaimedUntil, (DateTimeOffset?)null).SetProperty(copy => copy.NotBefore, gone),
            cancellationToken);
    }

    /// <summary>In the running transaction: has the copy made once more.</summary>
    /// <returns>False where somebody is at it, or will be.</returns>
    public async Task<bool> BeginAnewAsync(Guid shareId, CancellationToken cancellationToken)
    {
        if (!await rows.BeginAnewAsync(shareId, cancellationToken))
            return false;
        db.AfterCommit(() => jobs.Nudge<CopyJob>(db.TenantId, shareId));
        return true;
    }

    /// <summary>Those of several links that have one.</summary>
    public async Task<IReadOnlyDictionary<Guid, VisibleMarkResponse>> TellAsync(IReadOnlyCollection<Guid> shareIds, CancellationToken cancellationToken)
    {
        var copies = await db.RecipientCopies.AsNoTracking().Where(copy => shareIds.Contains(copy.Id) && copy.IsWanted).ToListAsync(cancellationToken);
        if (copies.Count == 0)
            return new Dictionary<Guid, VisibleMarkResponse>();
        var ids = copies.Select(copy => copy.RecordingId).Distinct().ToList();
        var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id)).ToDictionaryAsync(recording => recording.Id, cancellationToken);
        var uses = await usage.OfAsync(recordings.Values, cancellationToken);
        var told = new Dictionary<Guid, VisibleMarkResponse>();
        foreach (var copy in copies)
        {
            // What says another label or tag than those of now is shown no more: it waits to be made anew, whether its sweep has come by or not.
            var isOld = copy.State == ProcessingState.Done && recordings.TryGetValue(copy.RecordingId, out var recording)
                && await CopyMaking.FactsAsync(db, recording, uses[recording.Id].Tag, cancellationToken) is { } facts && !facts.Hold(copy);
            var (state, percent) = isOld ? (ProcessingState.Waiting, 0) : (copy.State, copy.Percent);
            told[copy.Id] = new VisibleMarkResponse(copy.HasSlate, copy.HasCorner, copy.Language, state.ToString().ToLowerInvariant(), percent, copy.Failure)
            {
                File = state == ProcessingState.Done ? copy.AssetId : null,
            };
        }

        return told;
    }
}
