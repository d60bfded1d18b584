using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Writes down what leaves, what was refused and what was found damaged. A release is on disk, with its event, before the method returns (P3).</summary>
internal sealed partial class ReleaseBook(VaultDbContext db, AuditLog audit, IRecordingKeeping keeping, ReleaseTurns turns, ToldRefusals told, TimeProvider time, ILogger<ReleaseBook> log)
{
    /// <summary>The asker's open release of this recording, purpose and mark, or a new one with its event.</summary>
    public async Task<Guid> OpenOrJoinAsync(Asker asker, Recording recording, ReleaseMark mark, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(asker, recording, mark, purpose, cancellationToken) is { } open)
            return open;
        // A player asks for several ranges at once: the first of them opens, the others join.
        using var turn = await turns.TakeAsync((db.TenantId, asker.GrantId, recording.Id, purpose), cancellationToken);
        return await FindOpenAsync(asker, recording, mark, purpose, cancellationToken)
            ?? await OpenAsync(asker, recording, mark, purpose, recipient, cancellationToken);
    }

    /// <summary>
    /// Releases of the pictures of a list, with one event for all that have none yet; nothing where the one that is asked for has one.
    /// </summary>
    /// <param name="allowed">The recordings whose pictures may leave.</param>
    /// <returns>Whether the one that is asked for may leave and has its release now; where not, the gate says why, of it alone.</returns>
    public async Task<bool> OpenListAsync(Asker asker, Guid recordingId, Func<Task<IReadOnlyList<(Recording Recording, UsageTag Tag)>>> allowed, CancellationToken cancellationToken)
    {
        // A page fetches its pictures at once: the first of them opens for all, and the others find it done.
        using var turn = await turns.TakeAsync((db.TenantId, asker.GrantId, Guid.Empty, ReleasePurpose.List), cancellationToken);
        var recordings = await allowed();
        var open = await OpenOfAsync(asker, [.. recordings.Select(allowing => allowing.Recording.Id)], cancellationToken);
        bool IsOpen((Recording Recording, UsageTag Tag) one) => open.Contains((one.Recording.Id, one.Recording.ManifestSequence, one.Tag.Name));
        var fresh = recordings.Where(one => !IsOpen(one)).ToList();
        var asked = recordings.FirstOrDefault(one => one.Recording.Id == recordingId);
        if (asked.Recording is null || IsOpen(asked))
            return asked.Recording is not null;
        // A single one is told of as always.
        if (fresh.Count < 2)
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var eventId = await audit.AppendAsync(
            new AuditEntry("content.released", asker.Actor, AuditTargetKind.Tenant, db.TenantId)
            {
                Decrypted = true,
                Fields =
                [
                    ("purpose", ReleasePurpose.List.Name()),
                    ("for", asker.For.Name()),
                    ("carriers", ReleaseMark.OfPictures),
                    ("recordings", string.Join(' ', fresh.Select(one => one.Recording.Id))),
                    ("manifests", string.Join(' ', fresh.Select(one => Convert.ToHexStringLower(one.Recording.ManifestDigest!)))),
                    ("tags", string.Join(' ', fresh.Select(one => one.Tag.Name))),
                ],
            },
            cancellationToken);
        db.Releases.AddRange(fresh.Select(one => NewRelease(asker, one.Recording, new ReleaseMark(one.Tag, null), ReleasePurpose.List, eventId)));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>An event, unless the same was refused to the same grant a moment ago: a player that asks again and again must not fill the log.</summary>
    public async Task RefuseAsync(Asker asker, Guid recordingId, ReleasePurpose purpose, string? recipient, ReleaseFinding finding, CancellationToken cancellationToken)
    {
        var reasons = string.Join(' ', finding.Verdict.Reasons.Select(reason => reason.Slug));
        var refusal = new Refusal(db.TenantId, asker.GrantId, recordingId, purpose, asker.For, reasons);
        if (told.IsTold(refusal))
            return;
        await audit.WriteAsync(
            new AuditEntry("content.refused", asker.Actor, AuditTargetKind.Recording, recordingId)
            {
                Outcome = AuditOutcome.Refused,
                Fields = [("recipient", recipient), ("purpose", purpose.Name()), ("for", asker.For.Name()), ("tag", finding.Tag.Name), ("reasons", reasons)],
            },
            cancellationToken);
        told.Remember(refusal);
    }

    /// <summary>What was let out does not leave after all: its mark can't be read back.</summary>
    public Task RefuseUnmarkedAsync(OpenedRelease release, CancellationToken cancellationToken) => RefuseAsync(
        release.Asker, release.RecordingId, release.Purpose, recipient: null, new ReleaseFinding(ReleaseVerdict.Refused(PlaybackProblems.MarkFailed), null, null, MayKeep: false) { Tag = release.Tag }, cancellationToken);

    /// <summary>An alarm for the operator and an event for the owner. It does not wait for the client, who may be gone: the damage stays.</summary>
    public async Task TellDamageAsync(Asker asker, Guid recordingId, SealedFormatException damage)
    {
        Damaged(log, db.TenantId, recordingId, damage.Failure);
        try
        {
            await audit.WriteAsync(
                new AuditEntry("content.damaged", asker.Actor, AuditTargetKind.Recording, recordingId) { Outcome = AuditOutcome.Refused, Fields = [("failure", damage.Failure.ToString())] },
                CancellationToken.None);
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            TellNoRecord(recordingId, fault);
        }
    }

    public void TellNoRecord(Guid recordingId, Exception fault)
    {
        var kind = fault.GetType().Name;
        NoRecord(log, db.TenantId, recordingId, kind);
    }

    private async Task<Guid?> FindOpenAsync(Asker asker, Recording recording, ReleaseMark mark, ReleasePurpose purpose, CancellationToken cancellationToken)
    {
        var idleSince = time.Now() - Release.IdleLimit;
        var (kind, asking, grant, stated, processor) = (asker.Kind, asker.Id, asker.GrantId, asker.For, asker.Processor);
        var (tag, front, copy) = (mark.Tag.Name, mark.Front, mark.Copy);
        return await db.Releases.AsNoTracking()
            .Where(release => release.GrantId == grant && release.RecordingId == recording.Id && release.Purpose == purpose && release.For == stated && release.ProcessorId == processor && release.LastRequestAt > idleSince
                && release.AskerKind == kind && release.AskerId == asking && release.ManifestSequence == recording.ManifestSequence && release.Tag == tag && release.FrontDigest == front && release.CopyId == copy)
            .OrderByDescending(release => release.LastRequestAt)
            .Select(release => (Guid?)release.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Which of these are open to the asker's pictures, with the manifest and the tag that each was opened for.</summary>
    private async Task<HashSet<(Guid Id, long ManifestSequence, string Tag)>> OpenOfAsync(Asker asker, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var idleSince = time.Now() - Release.IdleLimit;
        var (kind, asking, grant, stated) = (asker.Kind, asker.Id, asker.GrantId, asker.For);
        var open = await db.Releases.AsNoTracking()
            .Where(release => release.GrantId == grant && ids.Contains(release.RecordingId) && release.Purpose == ReleasePurpose.List && release.For == stated && release.LastRequestAt > idleSince
                && release.AskerKind == kind && release.AskerId == asking)
            .Select(release => new { release.RecordingId, release.ManifestSequence, release.Tag }).ToListAsync(cancellationToken);
        return [.. open.Select(release => (release.RecordingId, release.ManifestSequence, release.Tag))];
    }

    private Release NewRelease(Asker asker, Recording recording, ReleaseMark mark, ReleasePurpose purpose, Guid eventId)
    {
        var now = time.Now();
        return new Release
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            RecordingId = recording.Id,
            AskerKind = asker.Kind,
            AskerId = asker.Id,
            GrantId = asker.GrantId,
            Purpose = purpose,
            For = asker.For,
            ProcessorId = asker.Processor,
            ManifestSequence = recording.ManifestSequence,
            Tag = mark.Tag.Name,
            FrontDigest = mark.Front,
            CopyId = mark.Copy,
            AuditEventId = eventId,
            OpenedAt = now,
            LastRequestAt = now,
        };
    }

    private async Task<Guid> OpenAsync(Asker asker, Recording recording, ReleaseMark mark, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var eventId = await audit.AppendAsync(
            new AuditEntry("content.released", asker.Actor, AuditTargetKind.Recording, recording.Id)
            {
                Decrypted = true,
                Fields =
                [
                    ("recipient", recipient), ("purpose", purpose.Name()), ("for", asker.For.Name()), ("tag", mark.Tag.Name), ("carriers", mark.Carriers(purpose)),
                    ("manifest", Convert.ToHexStringLower(recording.ManifestDigest!)), ("front", mark.Front is { } front ? Convert.ToHexStringLower(front) : null),
                    ("sha256", mark.FileDigest is { } whole ? Convert.ToHexStringLower(whole.Span) : null), ("unmarked", mark.IsUnmarked ? "unmarkable" : null), ("copy", mark.Copy?.ToString()),
                    ("consent", mark.IsWithoutAllConsents ? "not-everybody" : null),
                ],
            },
            cancellationToken);
        var release = NewRelease(asker, recording, mark, purpose, eventId);
        db.Releases.Add(release);
        if (purpose is ReleasePurpose.View or ReleasePurpose.Download)
            await NoteViewedAsync(recording.Id, release.OpenedAt, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return release.Id;
    }

    /// <summary>A period may be counted from here. It is no change of the row: neither a card nor a reader's version follows from somebody's watching.</summary>
    private async Task NoteViewedAsync(Guid recordingId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await db.Recordings.Where(row => row.Id == recordingId && (row.LastViewedAt == null || row.LastViewedAt < at)).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastViewedAt, at), cancellationToken);
        await keeping.ForgetDateAsync(recordingId, cancellationToken);
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Critical, Message = "Stored content of recording {RecordingId} of tenant {TenantId} is damaged: {Failure}")]
    private static partial void Damaged(ILogger log, Guid tenantId, Guid recordingId, FormatFailure failure);

    [LoggerMessage(EventId = 601, Level = LogLevel.Critical, Message = "The log of tenant {TenantId} can't be written, so recording {RecordingId} was not released: {Fault}")]
    private static partial void NoRecord(ILogger log, Guid tenantId, Guid recordingId, string fault);
}

/// <summary>One opening at a time for the same asker, recording and purpose on this node. Two nodes may open one each: one event too many, never one too few.</summary>
internal sealed class ReleaseTurns : IDisposable
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<IDisposable> TakeAsync((Guid TenantId, Guid GrantId, Guid RecordingId, ReleasePurpose Purpose) opening, CancellationToken cancellationToken)
    {
        var turn = turns[(uint)opening.GetHashCode() % (uint)turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Taken(turn);
    }

    public void Dispose()
    {
        foreach (var turn in turns)
            turn.Dispose();
    }

    private sealed class Taken(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
