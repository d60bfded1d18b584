using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Playback;

/// <param name="Recording">The row that was decided on; null when there is none.</param>
/// <param name="End">When the permission ends by itself.</param>
internal sealed record ReleaseFinding(ReleaseVerdict Verdict, Recording? Recording, StandingEnd? End);

/// <summary>Gathers the facts and asks the rules. The gate does so at each request, the watch while bytes run.</summary>
internal sealed class ReleaseCheck(VaultDbContext db, TimeProvider time)
{
    public async Task<ReleaseFinding> FindAsync(Asker asker, Guid recordingId, ReleasePurpose purpose, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken);
        var standing = await asker.StandingAsync(db, recordingId, time.Now(), cancellationToken);
        var verdict = ReleaseRules.Decide(new ReleaseFacts
        {
            Asker = standing,
            Recording = recording is null ? null : new RecordingFacts(recording.State, recording.Manifest is not null, recording.UsageTag, recording.Label, recording.CreatedBy, recording.TrashedAt is not null || recording.IsBeingDestroyed),
            Purpose = purpose,
        });
        return new ReleaseFinding(verdict, recording, standing.End);
    }
}
