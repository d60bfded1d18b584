using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Seconds from the beginning; 0 forgets the place.</summary>
internal sealed record PositionRequest(double? Seconds)
{
    private const double LongestRecording = 7 * 24 * 3600;

    public Problem? Check() => Seconds is >= 0 and <= LongestRecording ? null : Problem.Invalid("seconds", "say where it stopped, in seconds from its beginning.");
}

/// <summary>Where members stopped watching.</summary>
internal sealed class PlayPositions(VaultDbContext db, TimeProvider time) : IRecordingRows
{
    /// <summary>PUT /recordings/{id}/position.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, PositionRequest request, HttpContext http, PlayPositions positions, CancellationToken cancellationToken)
    {
        if (request.Check() is { } wrong)
            return await positions.HasAsync(id, cancellationToken) ? wrong.ToResult() : Problem.NotFound.ToResult();
        return await positions.KeepAsync(http.User.MemberId(), id, request.Seconds ?? 0, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
    }

    public async Task<TimeSpan> FindAsync(Guid memberId, Guid recordingId, CancellationToken cancellationToken) => TimeSpan.FromSeconds(
        await db.PlayPositions.AsNoTracking().Where(position => position.MemberId == memberId && position.RecordingId == recordingId).Select(position => position.Seconds).SingleOrDefaultAsync(cancellationToken));

    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.PlayPositions.Where(position => position.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);

    private Task<bool> HasAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken);

    private async Task<Problem?> KeepAsync(Guid memberId, Guid recordingId, double seconds, CancellationToken cancellationToken)
    {
        if (!await HasAsync(recordingId, cancellationToken))
            return Problem.NotFound;
        var own = db.PlayPositions.Where(position => position.MemberId == memberId && position.RecordingId == recordingId);
        var now = time.Now();
        if (seconds == 0)
        {
            await own.ExecuteDeleteAsync(cancellationToken);
            return null;
        }

        if (await own.ExecuteUpdateAsync(set => set.SetProperty(position => position.Seconds, seconds).SetProperty(position => position.At, now), cancellationToken) > 0)
            return null;
        db.PlayPositions.Add(new PlayPosition { TenantId = db.TenantId, MemberId = memberId, RecordingId = recordingId, Seconds = seconds, At = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another page of his was first, or the recording went away: his next word counts.
        }

        return null;
    }
}
