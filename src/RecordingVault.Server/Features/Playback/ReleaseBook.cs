using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Writes down what leaves, what was refused and what was found damaged. A release is on disk, with its event, before the method returns (P3).</summary>
internal sealed partial class ReleaseBook(VaultDbContext db, AuditLog audit, ReleaseTurns turns, ToldRefusals told, TimeProvider time, ILogger<ReleaseBook> log)
{
    /// <summary>The asker's open release of this recording and purpose, or a new one with its event.</summary>
    public async Task<Guid> OpenOrJoinAsync(Asker asker, Recording recording, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(asker, recording, purpose, cancellationToken) is { } open)
            return open;
        // A player asks for several ranges at once: the first of them opens, the others join.
        using var turn = await turns.TakeAsync((db.TenantId, asker.GrantId, recording.Id, purpose), cancellationToken);
        return await FindOpenAsync(asker, recording, purpose, cancellationToken)
            ?? await OpenAsync(asker, recording, purpose, recipient, cancellationToken);
    }

    /// <summary>An event, unless the same was refused to the same grant a moment ago: a player that asks again and again must not fill the log.</summary>
    public async Task RefuseAsync(Asker asker, Guid recordingId, ReleasePurpose purpose, string? recipient, ReleaseVerdict verdict, CancellationToken cancellationToken)
    {
        var reasons = string.Join(' ', verdict.Reasons.Select(reason => reason.Slug));
        var refusal = new Refusal(db.TenantId, asker.GrantId, recordingId, purpose, reasons);
        if (told.IsTold(refusal))
            return;
        await audit.WriteAsync(
            new AuditEntry("content.refused", asker.Actor, AuditTargetKind.Recording, recordingId)
            {
                Outcome = AuditOutcome.Refused,
                Fields = [("recipient", recipient), ("purpose", purpose.Name()), ("reasons", reasons)],
            },
            cancellationToken);
        told.Remember(refusal);
    }

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

    private async Task<Guid?> FindOpenAsync(Asker asker, Recording recording, ReleasePurpose purpose, CancellationToken cancellationToken)
    {
        var idleSince = time.Now() - Release.IdleLimit;
        var (kind, asking, grant) = (asker.Kind, asker.Id, asker.GrantId);
        return await db.Releases.AsNoTracking()
            .Where(release => release.GrantId == grant && release.RecordingId == recording.Id && release.Purpose == purpose && release.LastRequestAt > idleSince
                && release.AskerKind == kind && release.AskerId == asking && release.ManifestSequence == recording.ManifestSequence)
            .OrderByDescending(release => release.LastRequestAt)
            .Select(release => (Guid?)release.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<Guid> OpenAsync(Asker asker, Recording recording, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var eventId = await audit.AppendAsync(
            new AuditEntry("content.released", asker.Actor, AuditTargetKind.Recording, recording.Id)
            {
                Decrypted = true,
                Fields = [("recipient", recipient), ("purpose", purpose.Name()), ("manifest", Convert.ToHexStringLower(recording.ManifestDigest!))],
            },
            cancellationToken);
        var now = time.Now();
        var release = new Release
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            RecordingId = recording.Id,
            AskerKind = asker.Kind,
            AskerId = asker.Id,
            GrantId = asker.GrantId,
            Purpose = purpose,
            ManifestSequence = recording.ManifestSequence,
            AuditEventId = eventId,
            OpenedAt = now,
            LastRequestAt = now,
        };
        db.Releases.Add(release);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return release.Id;
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
