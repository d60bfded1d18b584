using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>Somebody who was recorded and opened the link by which he is asked. He may watch himself where the asker says so, and take nothing away.</summary>
internal sealed record ConsentAsker(Actor Actor, Guid RequestId, Guid GrantId) : Asker(Actor, GrantId)
{
    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = await db.ConsentRequests.AsNoTracking()
            .Where(request => request.Id == RequestId && request.RecordingId == recordingId && db.Participants.Any(person => person.Id == request.ParticipantId && person.RecordingId == recordingId))
            .Select(request => new { request.MayWatch, request.StoppedAt, request.ExpiresAt })
            .SingleOrDefaultAsync(cancellationToken);
        if (request is not { MayWatch: true })
            return Standing.Refused(Problem.NotFound);
        return AskingProblems.Ended(request.StoppedAt, request.ExpiresAt, now) is { } ended
            ? Standing.Refused(ended)
            : new Standing { MayView = true, IsRecorded = true, End = new StandingEnd(request.ExpiresAt, AskingProblems.Expired(request.ExpiresAt)) };
    }
}
