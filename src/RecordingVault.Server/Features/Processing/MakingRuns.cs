using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>One original on the desk, for as long as something is made of it.</summary>
internal sealed record MakingRun(ProcessingClaim Claim, MediaDesk Desk, Demuxer Demuxer, OwnerKey Key)
{
    public RecordingAsset Asset => Claim.Asset;
}

/// <summary>Takes a recording's originals one by one, as far as they are due in a stage, and writes down what came of each.</summary>
internal sealed class MakingRuns(VaultDbContext db, TenantKeys keys, SealedStore store, MediaSandbox sandbox, ProcessingRows rows, WorkPulse pulse)
{
    public Guid TenantId => db.TenantId;

    /// <param name="make">Makes what the stage makes, and says whether a film is left to be encoded.</param>
    /// <returns>Whether one was left.</returns>
    public async Task<bool> RunAsync(Guid recordingId, MakingStage stage, Func<MakingRun, CancellationToken, Task<bool>> make, CancellationToken cancellationToken)
    {
        var isLeft = false;
        if (!await sandbox.IsOnAsync())
            return isLeft;
        foreach (var asset in await rows.Due(stage).Where(asset => asset.RecordingId == recordingId).OrderBy(asset => asset.Id).ToListAsync(cancellationToken))
        {
            if (await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed && recording.TrashedAt == null, cancellationToken)
                && await rows.ClaimAsync(asset, stage, cancellationToken) is { } claim)
                isLeft |= await RunAsync(claim, make, cancellationToken);
        }

        return isLeft;
    }

    private async Task<bool> RunAsync(ProcessingClaim claim, Func<MakingRun, CancellationToken, Task<bool>> make, CancellationToken cancellationToken)
    {
        var isLeft = false;
        try
        {
            using var key = await keys.RecordingKeyAsync(claim.Asset.RecordingId, cancellationToken);
            isLeft = await MakeAsync(claim, key, make, cancellationToken);
            await (isLeft ? rows.HandOverAsync(claim, cancellationToken) : rows.FinishAsync(claim, cancellationToken));
        }
        catch (MediaFailedException failed)
        {
            await rows.FailAsync(claim, failed.Failure, cancellationToken);
        }
        catch (RecordingGoneException)
        {
            // Destroyed meanwhile: there is nobody to make anything for.
        }
        catch (ClaimLostException)
        {
            // Nothing was heard of this worker for a minute, and another one is at it. What he says of it counts.
            isLeft = false;
        }
        catch
        {
            // The machine's fault, or the end of this process: the row says so and a sweep comes back to it.
            await rows.ReleaseAsync(claim, isStopped: cancellationToken.IsCancellationRequested, CancellationToken.None);
            throw;
        }

        return isLeft;
    }

    private async Task<bool> MakeAsync(ProcessingClaim claim, OwnerKey key, Func<MakingRun, CancellationToken, Task<bool>> make, CancellationToken cancellationToken)
    {
        var asset = claim.Asset;
        if (Demuxer.For(asset.MediaType) is not { } demuxer)
            throw new MediaFailedException(MediaFailure.NotMedia);
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == asset.RecordingId, cancellationToken) ?? throw new RecordingGoneException();
        var manifest = await store.OpenManifestAsync(key, recording.Manifest!, cancellationToken);
        using var reader = store.OpenAsset(key, asset.TenantId, asset.RecordingId, manifest.Assets.Single(entry => entry.Id == asset.Id));
        await using var desk = await MediaDesk.OpenAsync(reader, demuxer, cancellationToken);
        var isLeft = false;
        await pulse.DuringAsync(
            asset.TenantId, (services, token) => services.GetRequiredService<ProcessingRows>().ProgressAsync(claim, desk.Percent, token),
            async () => isLeft = await make(new MakingRun(claim, desk, demuxer, key), cancellationToken), cancellationToken);
        return isLeft;
    }
}
