using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Emptying;

/// <summary>Destruction before its time, by somebody's hand: an Owner's or an Admin's, in person and freshly signed in, for there is no way back.</summary>
internal sealed class TrashEmptying(VaultDbContext db, RecordingDestruction destruction, IRecordingKeeping keeping, JobQueue jobs)
{
    public static readonly Problem NotInTrash = new("not-in-trash", 409, "The recording is not in the trash. Move it there first.");

    public static readonly Problem StillMoving = new("still-moving", 409, "Files of it were moved to or from another recording, and what they left there is not deleted yet. Try again in two days; if this stays, whoever runs the vault sees on its health page what the store still holds.");

    public static readonly Problem StillCutting = new("still-cutting", 409, "A copy of it without some spans is being made, or it is to become one. That ends within a few minutes now: try again then.");

    public static bool MayDestroy(HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin && http.User.SessionId() is not null;

    /// <summary>Null when it is being destroyed now, also when it was before.</summary>
    public async Task<Problem?> DestroyAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            if (await destruction.MarkAsync(id, isByHand: true, actor, cancellationToken))
            {
                jobs.Nudge<DestroyRecordingJob>(db.TenantId, id);
                return null;
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problem.ChangedMeanwhile;
        }

        return await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) switch
        {
            null => Problem.NotFound,
            { TrashedAt: null } => NotInTrash,
            _ when await keeping.DestructionAsync(id, cancellationToken) is { } kept => kept,
            _ when await db.RecordingCuts.AnyAsync(cut => (cut.FromId == id || cut.ToId == id) && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running), cancellationToken) => StillCutting,
            _ => StillMoving,
        };
    }
}
