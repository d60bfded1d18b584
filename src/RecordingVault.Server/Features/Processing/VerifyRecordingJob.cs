using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>
/// Reads everything that is stored of one recording, at a bounded rate, and verifies it: manifest, every segment that it binds, header, key and every chunk, and the signed fronts beside them. What is damaged is an
/// alarm while there may still be a backup that has it whole; what was damaged and is whole again is told too.
/// </summary>
internal sealed partial class VerifyRecordingJob(
    VaultDbContext db, TenantKeys keys, SealedStore store, FrontVerification fronts, AuditLog audit, VerificationPace pace, TimeProvider time, ILogger<VerifyRecordingJob> log) : ITenantJob
{
    public static string Name => "verify";

    public static string Queue => JobQueue.Verify;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed, cancellationToken);
        // Nudged twice, it is read once.
        if (recording?.Manifest is not { } commit || recording.VerifiedAt > time.Now() - (recording.DamagedSince is null ? pace.Round : VerificationPace.DamagedRound))
            return;
        var began = time.Now();
        var damage = await FindDamageAsync(recording, commit, cancellationToken);
        await TellAsync(recording, damage, began, cancellationToken);
    }

    private async Task<FormatFailure?> FindDamageAsync(Recording recording, ManifestCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
            var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
            foreach (var asset in manifest.Assets)
            {
                foreach (var segment in asset.Segments)
                    await VerifyAsync(key, asset.Role, segment, cancellationToken);
            }

            await pace.RestAsync(await fronts.RunAsync(recording, key, cancellationToken), cancellationToken);

            return null;
        }
        catch (SealedFormatException damage)
        {
            return damage.Failure;
        }
    }

    private async Task VerifyAsync(OwnerKey key, ObjectRole role, SegmentRef segment, CancellationToken cancellationToken)
    {
        await store.VerifySegmentAsync(key, role, segment, cancellationToken);
        await pace.RestAsync(segment.PlaintextLength, cancellationToken);
    }

    private async Task TellAsync(Recording recording, FormatFailure? damage, DateTimeOffset began, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // A segment may have been taken out of a manifest, or the whole recording destroyed, while it was looked for: that is no damage.
        if (damage is not null && !await db.Recordings.AnyAsync(
            row => row.Id == recording.Id && row.ManifestSequence == recording.ManifestSequence && !row.IsBeingDestroyed, cancellationToken))
            return;
        var now = time.Now();
        if (damage is { } failure)
            Damaged(log, recording.TenantId, recording.Id, failure);
        if (damage is { } first && recording.DamagedSince is null)
        {
            await audit.AppendAsync(
                new AuditEntry("recording.damaged", Actor.System, AuditTargetKind.Recording, recording.Id) { Decrypted = true, Fields = [("failure", first.ToString())] }, cancellationToken);
        }
        else if (damage is null && recording.DamagedSince is not null)
        {
            await audit.AppendAsync(new AuditEntry("recording.whole", Actor.System, AuditTargetKind.Recording, recording.Id) { Decrypted = true }, cancellationToken);
        }

        var since = damage is null ? (DateTimeOffset?)null : recording.DamagedSince ?? now;
        await db.SaveChangesAsync(cancellationToken);
        // Beside the row's version: nobody who changes the recording meanwhile is disturbed.
        await db.Recordings.Where(row => row.Id == recording.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.VerifiedAt, began).SetProperty(one => one.DamagedSince, since), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Critical, Message = "What is stored of recording {RecordingId} of tenant {TenantId} is damaged: {Failure}. Bring it back from a backup; docs/operations.md, \"Damage\".")]
    private static partial void Damaged(ILogger log, Guid tenantId, Guid recordingId, FormatFailure failure);
}
