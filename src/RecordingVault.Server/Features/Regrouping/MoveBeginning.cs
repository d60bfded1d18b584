using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Who asks for a move. What he may is read anew each time it is asked for: behind the tenant's turn it is what holds when the move is written down.</summary>
internal sealed record MoveAsker(HttpContext Http)
{
    public Actor Actor => Http.Actor();

    public Guid MemberId => Http.User.MemberId();

    public Guid? TokenId => Http.User.TokenId();

    /// <returns>Null where he may move files no more: his membership, session or token is over, or has another role now.</returns>
    public async Task<SearchReader?> ReadAsync(VaultDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, MemberPass.Of(Http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin or Role.Contributor }
            ? await SearchReader.OfAsync(Http, db, time, cancellationToken) : null;
}

/// <summary>Begins merges and splits: looks whether they can be, and writes down that they are wanted. The rest is a job's.</summary>
internal sealed class MoveBeginning(VaultDbContext db, TenantKeys keys, RecordingCreation creation, MovePlan plan, MoveRows rows, MoveRoom room, RecordingRoom sizes, IPeopleLinks links, IRecordingKeeping keeping, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    /// <summary>All files of one recording move into another one.</summary>
    public async Task<(RecordingMove? Move, Problem? Problem)> MergeAsync(Guid toId, Guid fromId, MoveAsker asker, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry("recording.merge-asked", asker.Actor, AuditTargetKind.Recording, toId) { Fields = [("from", $"{fromId}")] };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var refusal = await asker.ReadAsync(db, time, cancellationToken) is { } reader ? await CheckMergeAsync(toId, fromId, reader, cancellationToken) : Problem.Forbidden;
        if (refusal is not null)
            return (null, await RefuseAsync(transaction, entry, refusal, cancellationToken));
        var pair = await db.Recordings.AsNoTracking().Where(recording => recording.Id == toId || recording.Id == fromId).ToListAsync(cancellationToken);
        var move = Add(MoveKind.Merge, fromId, toId, pair, asker);
        await audit.AppendAsync(entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<MoveFilesJob>(move.TenantId, move.Id);
        return (move, null);
    }

    private static bool IsTold(Problem refusal) => refusal == PlaybackProblems.Restricted || refusal == Problem.Forbidden || refusal == RegroupingProblems.RestrictedApart;

    /// <summary>That somebody asked for what he may not is told by the log.</summary>
    private async Task<Problem> RefuseAsync(IDbContextTransaction transaction, AuditEntry entry, Problem refusal, CancellationToken cancellationToken)
    {
        await transaction.RollbackAsync(cancellationToken);
        if (IsTold(refusal))
            await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
        return refusal;
    }

    /// <summary>Some files move into a recording of their own, which is of the same day, people, tag and label, and there at once, without a file.</summary>
    /// <param name="title">Null: it is called by its first file.</param>
    public async Task<(RecordingMove? Move, Problem? Problem)> SplitAsync(Guid fromId, IReadOnlyList<Guid> assetIds, string? title, MoveAsker asker, CancellationToken cancellationToken)
    {
        // Looked at once before a key is put for nothing, and once more where it counts; what the log tells is told there.
        if (await CheckSplitAsync(fromId, assetIds, title, asker, cancellationToken) is { } already && !IsTold(already))
            return (null, already);
        using var seed = await creation.PrepareAsync(cancellationToken);
        var (move, problem) = await CommitSplitAsync(seed, fromId, assetIds, title, asker, cancellationToken);
        if (move is null)
            await creation.ForgetAsync(seed, cancellationToken);
        return (move, problem);
    }

    /// <summary>Why two recordings can't be merged; null when they can.</summary>
    public async Task<Problem?> CheckMergeAsync(Guid toId, Guid fromId, SearchReader reader, CancellationToken cancellationToken)
    {
        if (await CheckAsync(toId, reader, cancellationToken) is { } here)
            return here;
        if (toId == fromId)
            return Problem.Invalid("recording", "name another recording than this one.");
        if (await CheckAsync(fromId, reader, cancellationToken) is { } there)
            return there;
        if (await keeping.HoldAsync(fromId, cancellationToken) is { } held)
            return held;
        if (!await db.RecordingAssets.AnyAsync(asset => asset.RecordingId == fromId, cancellationToken))
            return RegroupingProblems.NothingToMove;
        var pair = await db.Recordings.AsNoTracking().Where(recording => recording.Id == fromId || recording.Id == toId).ToListAsync(cancellationToken);
        if (!MoveChange.KeepsRestricted(pair[0], pair[^1]))
            return RegroupingProblems.RestrictedApart;
        if (!await sizes.FitsAsync([fromId, toId], files: 0, bytes: 0, cancellationToken))
            return UploadProblems.RecordingFull;
        return await room.PeopleFitAsync(fromId, toId, cancellationToken) ? null : RegroupingProblems.TooManyPeople;
    }

    private async Task<Problem?> CheckSplitAsync(Guid fromId, IReadOnlyList<Guid> assetIds, string? title, MoveAsker asker, CancellationToken cancellationToken)
    {
        if (await asker.ReadAsync(db, time, cancellationToken) is not { } reader)
            return Problem.Forbidden;
        if (await CheckAsync(fromId, reader, cancellationToken) is { } refusal)
            return refusal;
        if (await keeping.HoldAsync(fromId, cancellationToken) is { } held)
            return held;
        if (title is not null && NewRecording.CheckTitle(title) is { } wrong)
            return wrong;
        var files = await db.RecordingAssets.Where(asset => asset.RecordingId == fromId && asset.DerivedFrom == null).Select(asset => asset.Id).ToListAsync(cancellationToken);
        if (assetIds.Count == 0 || assetIds.Except(files).Any())
            return Problem.Invalid("assets", "name by their ids at least one of the files that came into this recording; what was made from them goes along by itself.");
        return files.Except(assetIds).Any() ? null : RegroupingProblems.LastFile;
    }

    private async Task<Problem?> CheckAsync(Guid recordingId, SearchReader reader, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken) is not { } recording)
            return Problem.NotFound;
        // Who merges what he may not open could open it afterwards.
        if (recording.Label == ConfidentialityLabel.Restricted && !reader.MayRead(recording))
            return PlaybackProblems.Restricted;
        if (recording.TrashedAt is not null)
            return PlaybackProblems.InTrash;
        if (await db.Uploads.AnyAsync(upload => upload.RecordingId == recordingId && upload.State != UploadState.Finished, cancellationToken))
            return RegroupingProblems.StillArriving;
        return await rows.UnderWay([recordingId]).AnyAsync(cancellationToken) ? RegroupingProblems.AlreadyMoving : null;
    }

    private async Task<(RecordingMove? Move, Problem? Problem)> CommitSplitAsync(
        RecordingSeed seed, Guid fromId, IReadOnlyList<Guid> assetIds, string? title, MoveAsker asker, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var entry = new AuditEntry("recording.split-asked", asker.Actor, AuditTargetKind.Recording, fromId);
        if (await CheckSplitAsync(fromId, assetIds, title, asker, cancellationToken) is { } refusal)
            return (null, await RefuseAsync(transaction, entry, refusal, cancellationToken));
        var from = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == fromId, cancellationToken);
        await creation.AddAsync(seed, await LikeAsync(from, assetIds, title, cancellationToken), from.CreatedBy, asker.Actor, cancellationToken);
        var move = Add(MoveKind.Split, fromId, seed.Id, [from], asker);
        await plan.AddAsync(move, assetIds.Distinct().Order(), cancellationToken);
        await audit.AppendAsync(entry with { Fields = [("into", $"{seed.Id}")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await LinkAsync(fromId, seed.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(move.TenantId, seed.Id);
        jobs.Nudge<MoveFilesJob>(move.TenantId, move.Id);
        return (move, null);
    }

    /// <summary>Who added the one added the other: so whoever could open a restricted recording opens its parts, and nobody else.</summary>
    private async Task<NewRecording> LikeAsync(Recording from, IReadOnlyList<Guid> assetIds, string? title, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(from.Id, cancellationToken);
        if (title is null)
        {
            var first = await db.RecordingAssets.AsNoTracking().Where(asset => assetIds.Contains(asset.Id)).OrderBy(asset => asset.Id).FirstAsync(cancellationToken);
            var file = Path.GetFileNameWithoutExtension(first.FileName?.Open(key, first.TenantId, first.Id, RecordingAsset.FileNameColumn));
            title = file is not null && NewRecording.CheckTitle(file) is null ? file : from.Title.Open(key, from.TenantId, from.Id, Recording.TitleColumn);
        }

        var people = await db.Participants.AsNoTracking().Where(person => person.RecordingId == from.Id).OrderBy(person => person.Id).ToListAsync(cancellationToken);
        return new NewRecording(title, from.RecordedAt, [.. people.Select(person => new PersonRequest(
            person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn), person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn)))])
        {
            UsageTag = from.UsageTag,
            Label = from.Label,
            Source = from.Source,
        };
    }

    /// <summary>Whoever was named in the one is the same person in the other: he finds both where he asks in which recordings he is.</summary>
    private async Task LinkAsync(Guid fromId, Guid toId, CancellationToken cancellationToken)
    {
        // Both stand in the order in which they were entered.
        var here = await db.Participants.Where(person => person.RecordingId == fromId).OrderBy(person => person.Id).Select(person => person.Id).ToListAsync(cancellationToken);
        var there = await db.Participants.Where(person => person.RecordingId == toId).OrderBy(person => person.Id).Select(person => person.Id).ToListAsync(cancellationToken);
        await links.LinkLikeAsync(fromId, toId, here.Zip(there).ToDictionary(pair => pair.First, pair => pair.Second), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private RecordingMove Add(MoveKind kind, Guid fromId, Guid toId, IEnumerable<Recording> recordings, MoveAsker asker)
    {
        var move = new RecordingMove
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            Kind = kind,
            FromId = fromId,
            ToId = toId,
            MemberId = asker.MemberId,
            TokenId = asker.TokenId,
            WasRestricted = recordings.Any(recording => recording.Label == ConfidentialityLabel.Restricted),
            CreatedAt = time.Now(),
            DueAt = time.Now() + MoveRows.NudgeKept,
        };
        db.RecordingMoves.Add(move);
        return move;
    }
}
