using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Uploads.Finishing;

/// <summary>Another request finished or ended the upload while this one was about to.</summary>
internal sealed class UploadMovedException() : Exception("The upload was finished or ended meanwhile.");

/// <summary>
/// Makes an upload whole: the manifest that binds its segments is put, and one transaction says so: the asset, the last bytes' receipt, the
/// events. So an upload whose offset is its length is always one whose content can be read, and a crash before that costs the last segment.
/// </summary>
internal sealed class UploadFinishing(VaultDbContext db, ManifestChanges manifests, ManifestRestating restating, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    /// <returns>The upload's length.</returns>
    public async Task<long> FinishAsync(Upload upload, SegmentLedger ledger, OwnerKey key, Actor actor)
    {
        // The client sent everything: from here on its going away changes nothing.
        var cancellationToken = CancellationToken.None;
        var version = upload.Version;
        var metadata = StoredMetadata.Open(upload, key);
        var kind = ledger.Kind ?? ContentJudgement.OfNothing(metadata.Role);
        var asset = new ManifestAsset(upload.AssetId, kind.Role, kind.MediaType, ledger.Position, await ledger.ListAsync(cancellationToken));

        try
        {
            await manifests.AddAsync(
                upload.RecordingId, [new NewAsset(asset) { FileName = metadata.FileName }], key, actor,
                async () =>
                {
                    var row = await db.Uploads.SingleOrDefaultAsync(row => row.Id == upload.Id, cancellationToken);
                    if (row is not { State: UploadState.Receiving } || row.Version != version)
                        throw new UploadMovedException();
                    (row.Role, row.MediaType) = (asset.Role, asset.MediaType);
                    row.Finish(asset.Length, time.Now());
                    await db.UploadSegments.Where(segment => segment.UploadId == upload.Id).ExecuteDeleteAsync(cancellationToken);
                    await audit.AppendAsync(new AuditEntry("upload.finished", actor, AuditTargetKind.Upload, upload.Id), cancellationToken);
                },
                cancellationToken);
        }
        catch (Exception fault) when (fault is UploadMovedException or DbUpdateConcurrencyException)
        {
            // Another node ended it or went on with it. What was put for it names segments that the caller is about to delete.
            await restating.RunAsync(upload.RecordingId, cancellationToken);
            throw;
        }

        await ledger.DeleteReplacedTailAsync();
        jobs.Nudge<LayoutJob>(upload.TenantId, upload.RecordingId);
        jobs.Nudge<ProcessJob>(upload.TenantId, upload.RecordingId);
        jobs.Nudge<WordsJob>(upload.TenantId, upload.RecordingId);
        jobs.Nudge<MarksJob>(upload.TenantId, upload.RecordingId);
        jobs.Nudge<DigestJob>(upload.TenantId, upload.RecordingId);
        return asset.Length;
    }
}
