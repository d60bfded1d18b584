using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>What a copy is to be.</summary>
/// <param name="Title">Null: the original's, and that it is cut.</param>
/// <param name="Without">Participants who are not in it any more.</param>
/// <param name="Reason">Why; null where nobody is left out.</param>
/// <param name="IsConfirmed">That nobody of them is seen or heard in what is left.</param>
/// <param name="ChangedAt">Which spans he who asks has looked at, by when they were marked.</param>
internal sealed record WantedCut(string? Title, IReadOnlyList<Guid> Without, string? Reason, bool IsConfirmed, DateTimeOffset? ChangedAt);

/// <summary>Keeps the spans that somebody marks, and begins a copy without them. The rest is a job's.</summary>
internal sealed class CutBeginning(
    VaultDbContext db, TenantKeys keys, RecordingCreation creation, MoveRows moves, MovedWords words, CutRows rows, UploadRoom room, MediaSandbox sandbox, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Asked = "recording.cut-asked";
    public const string Marked = "recording.spans-marked";

    /// <summary>Why nobody marks spans in it, or this asker does not; null when he may.</summary>
    public async Task<Problem?> CheckAsync(Guid recordingId, MoveAsker asker, CancellationToken cancellationToken)
    {
        if (await asker.ReadAsync(db, time, cancellationToken) is not { } reader)
            return Problem.Forbidden;
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken) is not { } recording)
            return Problem.NotFound;
        // Whoever makes a copy of what he may not open could open it afterwards.
        if (recording.Label == ConfidentialityLabel.Restricted && !reader.MayRead(recording))
            return PlaybackProblems.Restricted;
        if (recording.TrashedAt is not null)
            return PlaybackProblems.InTrash;
        return recording.DurationSeconds is > 0 && await words.MainAsync(recordingId, cancellationToken) is not null ? null : CuttingProblems.NoLength;
    }

    /// <summary>Puts another list of spans in the place of the one before.</summary>
    public async Task<Problem?> MarkAsync(Guid recordingId, IReadOnlyList<SpanRequest?> asked, MoveAsker asker, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var entry = new AuditEntry(Marked, asker.Actor, AuditTargetKind.Recording, recordingId);
        if (await CheckAsync(recordingId, asker, cancellationToken) is { } refusal)
            return await RefuseAsync(transaction, entry, refusal, cancellationToken);
        var duration = await db.Recordings.Where(recording => recording.Id == recordingId).Select(recording => recording.DurationSeconds).SingleAsync(cancellationToken);
        var (spans, wrong) = SpanRequest.Read(asked, duration!.Value);
        if (spans is null)
            return wrong;
        var (text, now, main) = (spans.ToString(), time.Now(), (await words.MainAsync(recordingId, cancellationToken))!.Value);
        if (await db.EditPlans.SingleOrDefaultAsync(plan => plan.Id == recordingId, cancellationToken) is { } plan)
        {
            if (plan.Spans == text && plan.AssetId == main)
                return null;
            (plan.Spans, plan.AssetId, plan.ChangedAt, plan.ChangedBy) = (text, main, now, asker.MemberId);
        }
        else
        {
            db.EditPlans.Add(new EditPlan { TenantId = db.TenantId, Id = recordingId, AssetId = main, Spans = text, ChangedAt = now, ChangedBy = asker.MemberId });
        }

        await audit.AppendAsync(entry with { Fields = [("cuts", $"{spans.Cuts.Count()}"), ("mutes", $"{spans.Mutes.Count()}")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Begins a copy without the spans that are marked. Who asks for the same again while it is being made is told of that one.</summary>
    public async Task<(RecordingCut? Cut, Problem? Problem)> CopyAsync(Guid recordingId, WantedCut wanted, MoveAsker asker, CancellationToken cancellationToken)
    {
        // Looked at once before a key is put for nothing, and once more where it counts; what the log tells is told there.
        var (same, already) = await LookAsync(recordingId, wanted, asker, cancellationToken);
        if (same is not null || (already is not null && !IsTold(already)))
            return (same, already);
        using var seed = await creation.PrepareAsync(cancellationToken);
        var (cut, problem) = await CommitAsync(seed, recordingId, wanted, asker, cancellationToken);
        if (cut?.ToId != seed.Id)
            await creation.ForgetAsync(seed, cancellationToken);
        return (cut, problem);
    }

    private async Task<(RecordingCut? Same, Problem? Problem)> LookAsync(Guid recordingId, WantedCut wanted, MoveAsker asker, CancellationToken cancellationToken)
    {
        if (await CheckAsync(recordingId, asker, cancellationToken) is { } refusal)
            return (null, refusal);
        if (wanted.Title is { } title && NewRecording.CheckTitle(title) is { } wrong)
            return (null, wrong);
        var named = await db.Participants.Where(person => person.RecordingId == recordingId && wanted.Without.Contains(person.Id)).CountAsync(cancellationToken);
        if (named != wanted.Without.Distinct().Count())
            return (null, CuttingProblems.NotOfRecording);
        if (named > 0 && (string.IsNullOrWhiteSpace(wanted.Reason) || wanted.Reason.Trim().Length > CuttingProblems.LongestReason))
            return (null, CuttingProblems.NoReason);
        if (named > 0 && !wanted.IsConfirmed)
            return (null, CuttingProblems.NotConfirmed);
        if (named > 0 && string.IsNullOrWhiteSpace(wanted.Title))
            return (null, CuttingProblems.NoTitle);
        if (named > 0 && wanted.ChangedAt is null)
            return (null, CuttingProblems.NotSeen);
        // What somebody refuses leaves without his word then: a person says that it may, and shows who he is.
        if (named > 0 && (asker.Http.User.SessionId() is null ? Problem.PersonNeeded : FreshSignIn.Check(asker.Http, time.GetUtcNow())) is { } stale)
            return (null, stale);
        if (await db.MarkedIn(recordingId).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } marked)
            return (null, CuttingProblems.NoSpans);
        if (wanted.ChangedAt is { } seen && seen != marked.ChangedAt)
            return (null, CuttingProblems.SpansChanged);
        if (await rows.UnderWay(recordingId).AsNoTracking().FirstOrDefaultAsync(cancellationToken) is { } running)
            return running.Spans == marked.Spans && running.Without == Text(wanted.Without) ? (running, null) : (null, CuttingProblems.AlreadyCutting);
        if (await moves.UnderWay([recordingId]).AnyAsync(cancellationToken))
            return (null, RegroupingProblems.AlreadyMoving);
        if (await room.LeftByRowsAsync(cancellationToken) is { } left && left < await rows.ComingBytesAsync(marked.AssetId, cancellationToken))
            return (null, UploadProblems.Quota);
        return (null, await sandbox.MayBeOnAsync() ? null : CuttingProblems.CuttingOff);
    }

    private async Task<(RecordingCut? Cut, Problem? Problem)> CommitAsync(RecordingSeed seed, Guid recordingId, WantedCut wanted, MoveAsker asker, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var entry = new AuditEntry(Asked, asker.Actor, AuditTargetKind.Recording, recordingId);
        var (same, refusal) = await LookAsync(recordingId, wanted, asker, cancellationToken);
        if (same is not null)
            return (same, null);
        if (refusal is not null)
            return (null, await RefuseAsync(transaction, entry, refusal, cancellationToken));
        var from = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == recordingId, cancellationToken);
        var marked = await db.MarkedIn(recordingId).AsNoTracking().SingleAsync(cancellationToken);
        // Its people come with its film: what each of them has said by then comes too.
        var like = new NewRecording(await TitleAsync(from, wanted.Title, cancellationToken), from.RecordedAt, []) { UsageTag = from.UsageTag, Label = from.Label, Source = from.Source };
        // Who added the one added the other: so whoever could open a restricted recording opens its copy, and nobody else.
        await creation.AddAsync(seed, like, from.CreatedBy, asker.Actor, cancellationToken);
        var cut = new RecordingCut
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            FromId = recordingId,
            ToId = seed.Id,
            AssetId = marked.AssetId,
            MemberId = asker.MemberId,
            TokenId = asker.TokenId,
            Spans = marked.Spans,
            Without = Text(wanted.Without),
            WasRestricted = from.Label == ConfidentialityLabel.Restricted,
            CreatedAt = time.Now(),
        };
        db.RecordingCuts.Add(cut);
        var spans = EditSpans.Read(cut.Spans);
        List<(string Name, string? Value)> fields = [("into", $"{seed.Id}"), ("cuts", $"{spans.Cuts.Count()}"), ("mutes", $"{spans.Mutes.Count()}")];
        if (cut.Without.Length > 0)
            fields.AddRange([("without", cut.Without), ("why", wanted.Reason!.Trim())]);
        await audit.AppendAsync(entry with { Fields = fields }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(cut.TenantId, seed.Id);
        jobs.Nudge<CutJob>(cut.TenantId, cut.Id);
        return (cut, null);
    }

    private async Task<string> TitleAsync(Recording from, string? title, CancellationToken cancellationToken)
    {
        if (title is not null)
            return title;
        const string suffix = " (cut)";
        using var key = await keys.RecordingKeyAsync(from.Id, cancellationToken);
        var own = from.Title.Open(key, from.TenantId, from.Id, Recording.TitleColumn);
        return string.Concat(own.Length + suffix.Length <= NewRecording.LongestTitle ? own : own[..(NewRecording.LongestTitle - suffix.Length - 1)].TrimEnd(), suffix);
    }

    private static string Text(IReadOnlyList<Guid> people) => string.Join(' ', people.Distinct().Order());

    private static bool IsTold(Problem refusal) => refusal == PlaybackProblems.Restricted || refusal == Problem.Forbidden;

    /// <summary>That somebody asked for what he may not is told by the log.</summary>
    private async Task<Problem> RefuseAsync(IDbContextTransaction transaction, AuditEntry entry, Problem refusal, CancellationToken cancellationToken)
    {
        await transaction.RollbackAsync(cancellationToken);
        if (IsTold(refusal))
            await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [("reason", refusal.Slug)] }, cancellationToken);
        return refusal;
    }
}
