using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>
/// Where files change over: both manifests are put first, and one transaction names them in both rows, moves the files' rows, tightens tag and label, and of a merge
/// stops the emptied recording's links and puts it into the trash. Until it is committed everything is where it was.
/// </summary>
internal sealed class MoveChange(
    VaultDbContext db, TenantKeys keys, SealedStore store, AuditLog audit, MovePlan plan, MoveSealing sealing, MovedWords words, CutRows cuts, CarriedConsents consents, MoveRoom room, StopShares.ShareStopping stopping, ExportEnding exports, IRecordingKeeping keeping, JobQueue jobs, TimeProvider time)
{
    private const int MostTries = 64;

    /// <summary>Our word for why the move is not to be; null while it may go on.</summary>
    public async Task<string?> WhyNotAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        var pair = await db.Recordings.AsNoTracking().Where(recording => recording.Id == move.FromId || recording.Id == move.ToId).ToListAsync(cancellationToken);
        return WhyNot(move, pair.Find(recording => recording.Id == move.FromId), pair.Find(recording => recording.Id == move.ToId));
    }

    public async Task<MoveOutcome> TryAsync(RecordingMove move, MoveClaim claim, CancellationToken cancellationToken)
    {
        Prepared? put = null;
        for (var tries = 1; ; tries++)
        {
            db.ChangeTracker.Clear();
            var from = await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == move.FromId, cancellationToken);
            var to = await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == move.ToId, cancellationToken);
            if (WhyNot(move, from, to) is { } reason)
                return MoveOutcome.GivenUp(reason);
            if (await keeping.HoldAsync(move.FromId, cancellationToken) is not null)
                return MoveOutcome.GivenUp("on-hold");
            var planned = await plan.ListAsync(move, cancellationToken);
            if (planned.Exists(asset => !asset.IsVerified) || (await plan.MissingAsync(move, cancellationToken)).Count > 0)
                return MoveOutcome.Incomplete;
            // Before anything is put: what has to wait leaves no manifest behind, each time it is looked at.
            if (await WaitsForAsync(move, cancellationToken) is { } wait)
                return MoveOutcome.Waits(wait);
            if (await room.WhyNotAsync(move, cancellationToken) is { } full)
                return MoveOutcome.GivenUp(full);
            using var oldKey = await keys.RecordingKeyAsync(move.FromId, cancellationToken);
            using var newKey = await keys.RecordingKeyAsync(move.ToId, cancellationToken);
            // What was put before a try that failed for another reason still follows the committed ones: it is taken as it is.
            if (put is null || put.From.Sequence != from!.ManifestSequence + 1 || put.To.Sequence != to!.ManifestSequence + 1)
                put = await PrepareAsync(from!, to!, planned, oldKey, newKey, cancellationToken);
            try
            {
                var outcome = await CommitAsync(new Change(move, claim, from!, to!, planned, put, oldKey, newKey), cancellationToken);
                if (outcome == MoveOutcome.Done)
                    NudgeAll(move);
                return outcome;
            }
            catch (DbUpdateConcurrencyException) when (tries < MostTries)
            {
                // Somebody changed one of the two between reading and writing it: look again.
            }
        }
    }

    private static string? WhyNot(RecordingMove move, Recording? from, Recording? to) =>
        from is not { IsBeingDestroyed: false, Manifest: not null } || to is not { IsBeingDestroyed: false } ? "gone"
        : from.TrashedAt is not null || to.TrashedAt is not null ? "in-trash"
        // Whoever asked may not be somebody who could open it now.
        : !move.WasRestricted && (from.Label == ConfidentialityLabel.Restricted || to.Label == ConfidentialityLabel.Restricted) ? "restricted"
        : move.Kind == MoveKind.Merge && !KeepsRestricted(from, to) ? "restricted"
        : null;

    /// <summary>Whether those who may open a restricted one are those who may open the other: else a merge would show it to more people, or take it from whoever added it.</summary>
    public static bool KeepsRestricted(Recording one, Recording other) =>
        (one.Label != ConfidentialityLabel.Restricted && other.Label != ConfidentialityLabel.Restricted) || (one.Label == other.Label && one.CreatedBy == other.CreatedBy);

    /// <summary>Puts both manifests.</summary>
    private async Task<Prepared> PrepareAsync(Recording from, Recording to, List<MovedAsset> planned, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken)
    {
        var before = await store.OpenManifestAsync(oldKey, from.Manifest!, cancellationToken);
        var there = to.Manifest is { } committed ? (await store.OpenManifestAsync(newKey, committed, cancellationToken)).Assets : [];
        var old = before.Assets.ToDictionary(asset => asset.Id);
        var moved = new List<ManifestAsset>();
        foreach (var asset in planned)
            moved.Add(await sealing.NewAsync(asset, old[asset.OldId], cancellationToken));
        var gone = planned.Select(asset => asset.OldId).ToHashSet();
        var left = new Manifest(from.TenantId, from.Id, from.ManifestSequence + 1, from.Manifest!.Digest, [.. before.Assets.Where(asset => !gone.Contains(asset.Id))]);
        var joined = new Manifest(to.TenantId, to.Id, to.ManifestSequence + 1, to.Manifest?.Digest, [.. there, .. moved]);
        // The one that has more comes first: killed in between, whoever reads the store without the rows finds the files in both, and not in neither.
        var more = await store.PutManifestAsync(newKey, joined, cancellationToken);
        return new Prepared(await store.PutManifestAsync(oldKey, left, cancellationToken), more);
    }

    /// <summary>What must be over before files change over; null when nothing is. It is asked once more behind the turn.</summary>
    private async Task<string?> WaitsForAsync(RecordingMove move, CancellationToken cancellationToken) =>
        move.Kind == MoveKind.Merge && await db.Uploads.AnyAsync(upload => upload.RecordingId == move.FromId && upload.State != UploadState.Finished, cancellationToken) ? "upload"
        : await words.AreBeingMadeFromAsync(move.Id, cancellationToken) ? "processing"
        : null;

    private async Task<MoveOutcome> CommitAsync(Change change, CancellationToken cancellationToken)
    {
        var (move, claim, from, to, planned, put, oldKey, newKey) = change;
        var now = time.Now();
        using var hold = await claim.HoldAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The turn comes first: an upload that begins takes it too, and so begins before this look or sees what comes of it.
        await audit.TakeTurnAsync(cancellationToken);
        // Whoever set a hold meanwhile has it: nothing moves out of there.
        if (await keeping.HoldAsync(from.Id, cancellationToken) is not null)
            return MoveOutcome.GivenUp("on-hold");
        if (move.Kind == MoveKind.Merge && await db.Uploads.AnyAsync(upload => upload.RecordingId == from.Id && upload.State != UploadState.Finished, cancellationToken))
            return MoveOutcome.Waits("upload");
        if (!await room.FitsAsync(move, cancellationToken))
            return MoveOutcome.GivenUp("recording-full");
        var hadFilm = await words.MainAsync(to.Id, cancellationToken) is not null;
        var oldMain = await words.MainAsync(from.Id, cancellationToken);
        if (await words.MoveAssetsAsync(change.Places, oldKey, newKey, cancellationToken) is not { } bytes)
            return MoveOutcome.Waits("processing");
        var row = await db.RecordingMoves.SingleAsync(row => row.Id == move.Id, cancellationToken);
        if (row.State != MoveState.Running || row.ClaimedUntil != claim.Until)
            throw new MoveLostException();
        row.ChangeOver(from.Manifest!, now);
        from.Commit(put.From, -bytes, now);
        to.Commit(put.To, bytes, now);
        await TightenAsync(from, to, cancellationToken);
        // What obliged to keep these files goes on to, wherever they lie.
        await keeping.CarryAsync(from.Id, to.Id, move.MemberId, newKey, cancellationToken);
        await exports.EndOfAsync(from.Id, cancellationToken);
        var before = move.Kind == MoveKind.Merge ? await consents.PeopleAsync(to.Id, cancellationToken) : [];
        var people = move.Kind == MoveKind.Merge ? await words.CopyPeopleAsync(from.Id, to.Id, oldKey, newKey, now, cancellationToken) : new Dictionary<Guid, Guid>();
        if (people is not { Count: var copied })
            return MoveOutcome.GivenUp("too-many-people");
        await ChangeAsync(from, to, copied, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await consents.CarryAsync(from.Id, to.Id, oldKey, newKey, before, cancellationToken);
        if (move.Kind == MoveKind.Merge)
        {
            await stopping.StopWithinAsync(shares => shares.Where(share => share.RecordingId == from.Id), move.MemberId, Actor.System, cancellationToken);
            await consents.BringAlongAsync(from.Id, to.Id, oldKey, newKey, cancellationToken);
            await cuts.FollowAsync(from.Id, to.Id, cancellationToken);
            from.Empty(to.Id, now);
        }

        await TellAsync(move, put, cancellationToken);
        await db.MovedSegments.Where(segment => db.MovedAssets.Any(asset => asset.Id == segment.MovedAssetId && asset.MoveId == move.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (!hadFilm)
            await words.TakeFactsAsync(to, cancellationToken);
        if (move.Kind == MoveKind.Split && planned.Exists(asset => asset.OldId == oldMain))
            await words.TakeFactsAsync(from, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return MoveOutcome.Done;
    }

    /// <summary>What of the emptied recording's words the other one takes over.</summary>
    private async Task ChangeAsync(Recording from, Recording to, int people, CancellationToken cancellationToken)
    {
        var before = to.UsageTag;
        // What one of them allows was never allowed for the other (P4).
        to.UsageTag = UsageTag.Naming(before.Rights.Join(from.UsageTag.Rights));
        if (to.UsageTag != before)
        {
            await audit.AppendAsync(
                new AuditEntry("recording.tag-tightened", Actor.System, AuditTargetKind.Recording, to.Id) { ChangesPermission = true, Fields = [("tag", to.UsageTag.Name), ("before", before.Name)] }, cancellationToken);
        }

        if (people > 0)
            await audit.AppendAsync(new AuditEntry("recording.changed", Actor.System, AuditTargetKind.Recording, to.Id) { Fields = [("from", $"{from.Id}"), ("people", $"{people}")] }, cancellationToken);
    }

    private async Task TightenAsync(Recording from, Recording to, CancellationToken cancellationToken)
    {
        if (from.Label <= to.Label)
            return;
        var before = to.Label;
        to.Label = from.Label;
        await audit.AppendAsync(new AuditEntry("recording.labelled", Actor.System, AuditTargetKind.Recording, to.Id) { ChangesPermission = true, Fields = [("label", to.Label.Name()), ("before", before.Name())] }, cancellationToken);
    }

    private async Task TellAsync(RecordingMove move, Prepared put, CancellationToken cancellationToken)
    {
        foreach (var (recordingId, commit) in new[] { (move.FromId, put.From), (move.ToId, put.To) })
        {
            await audit.AppendAsync(
                new AuditEntry("manifest.committed", Actor.System, AuditTargetKind.Recording, recordingId)
                {
                    ChangesPermission = true,
                    Fields = [("manifest.sequence", $"{commit.Sequence}"), ("manifest.digest", Convert.ToHexStringLower(commit.Digest.Span))],
                },
                cancellationToken);
        }

        await audit.AppendAsync(
            new AuditEntry(move.Kind == MoveKind.Merge ? "recording.merged" : "recording.split", Actor.System, AuditTargetKind.Recording, move.ToId) { Decrypted = true, Fields = [("from", $"{move.FromId}")] },
            cancellationToken);
        if (move.Kind == MoveKind.Merge)
            await audit.AppendAsync(new AuditEntry("recording.trashed", Actor.System, AuditTargetKind.Recording, move.FromId) { ChangesPermission = true, Fields = [("into", $"{move.ToId}")] }, cancellationToken);
    }

    private void NudgeAll(RecordingMove move)
    {
        jobs.Nudge<WriteCardJob>(move.TenantId, move.FromId);
        jobs.Nudge<WriteCardJob>(move.TenantId, move.ToId);
        jobs.Nudge<LayoutJob>(move.TenantId, move.ToId);
        jobs.Nudge<ProcessJob>(move.TenantId, move.ToId);
        jobs.Nudge<WordsJob>(move.TenantId, move.ToId);
        jobs.Nudge<MarksJob>(move.TenantId, move.ToId);
        jobs.Nudge<DigestJob>(move.TenantId, move.ToId);
    }

    /// <summary>Both manifests, put and not committed.</summary>
    private sealed record Prepared(ManifestCommit From, ManifestCommit To);

    private sealed record Change(RecordingMove Move, MoveClaim Claim, Recording From, Recording To, List<MovedAsset> Planned, Prepared Put, OwnerKey OldKey, OwnerKey NewKey)
    {
        public IReadOnlyDictionary<Guid, Guid> Places { get; } = Planned.ToDictionary(asset => asset.OldId, asset => asset.Id);
    }
}
