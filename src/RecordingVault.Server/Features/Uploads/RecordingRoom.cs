using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>How much a recording may hold: what it holds, what is on its way in, and what a merge that is under way will put together with it.</summary>
internal sealed class RecordingRoom(VaultDbContext db)
{
    /// <summary>Whether so much more has room in a recording. Called behind the tenant's turn, the answer holds until the caller commits.</summary>
    public async Task<bool> FitsAsync(Guid recordingId, int files, long bytes, CancellationToken cancellationToken)
    {
        var merging = db.RecordingMoves.Where(move => move.Kind == MoveKind.Merge && (move.State == MoveState.Waiting || move.State == MoveState.Running));
        var others = await merging.Where(move => move.ToId == recordingId).Select(move => move.FromId)
            .Concat(merging.Where(move => move.FromId == recordingId).Select(move => move.ToId)).ToListAsync(cancellationToken);
        return await FitsAsync([recordingId, .. others], files, bytes, cancellationToken);
    }

    /// <summary>The same of several that are to be one.</summary>
    public async Task<bool> FitsAsync(IReadOnlyCollection<Guid> recordingIds, int files, long bytes, CancellationToken cancellationToken)
    {
        var coming = await db.Uploads.Where(upload => recordingIds.Contains(upload.RecordingId) && upload.State == UploadState.Receiving)
            .Select(upload => upload.DeclaredLength ?? upload.ReceivedBytes).ToListAsync(cancellationToken);
        var there = await db.Recordings.Where(recording => recordingIds.Contains(recording.Id)).SumAsync(recording => recording.SizeInBytes, cancellationToken);
        var assets = await db.RecordingAssets.CountAsync(asset => recordingIds.Contains(asset.RecordingId), cancellationToken);
        return assets + coming.Count + files <= UploadCreation.MostAssets && there + coming.Sum() + bytes <= UploadCreation.LargestRecording;
    }
}
