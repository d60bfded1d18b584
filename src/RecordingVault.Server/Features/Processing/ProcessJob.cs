using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>
/// Makes of a recording's originals what a person wants beside them: length and streams, poster, thumbnails, waveform, captions, and a rendition where a browser
/// could not play it. The original plays before and meanwhile. Killed anywhere, the next run goes on with what is still missing.
/// </summary>
internal sealed class ProcessJob(VaultDbContext db, TenantKeys keys, SealedStore store, MediaSandbox sandbox, ProcessingRows rows, AssetMaking making, ProcessingPulse pulse) : ITenantJob
{
    public static string Name => "process";

    public static string Queue => JobQueue.Media;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (!await sandbox.IsOnAsync())
            return;
        foreach (var asset in await rows.DueAsync(subjectId, cancellationToken))
        {
            if (await db.Recordings.AnyAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed && recording.TrashedAt == null, cancellationToken)
                && await rows.ClaimAsync(asset, cancellationToken))
                await ProcessAsync(asset, cancellationToken);
        }
    }

    private async Task ProcessAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await keys.RecordingKeyAsync(asset.RecordingId, cancellationToken);
            await MakeAsync(asset, key, cancellationToken);
            await rows.FinishAsync(asset, cancellationToken);
        }
        catch (MediaFailedException failed)
        {
            await rows.FailAsync(asset, failed.Failure, cancellationToken);
        }
        catch (RecordingGoneException)
        {
            // Destroyed meanwhile: there is nobody to make anything for.
        }
        catch
        {
            // The machine's fault, or the end of this process: the row says so and a sweep comes back to it.
            await rows.ReleaseAsync(asset.Id, CancellationToken.None);
            throw;
        }
    }

    private async Task MakeAsync(RecordingAsset asset, OwnerKey key, CancellationToken cancellationToken)
    {
        if (Demuxer.For(asset.MediaType) is not { } demuxer)
            throw new MediaFailedException(MediaFailure.NotMedia);
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == asset.RecordingId, cancellationToken) ?? throw new RecordingGoneException();
        var manifest = await store.OpenManifestAsync(key, recording.Manifest!, cancellationToken);
        using var reader = store.OpenAsset(key, asset.TenantId, asset.RecordingId, manifest.Assets.Single(entry => entry.Id == asset.Id));
        await using var desk = await MediaDesk.OpenAsync(reader, demuxer, cancellationToken);
        await pulse.DuringAsync(asset.TenantId, asset.Id, () => desk.Percent, () => making.RunAsync(asset, desk, demuxer, key, cancellationToken), cancellationToken);
    }
}
