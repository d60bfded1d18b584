using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Tasks;

/// <summary>Recordings in which somebody said no, and nobody has decided yet what follows: to whoever added one, and to Owners and Admins.</summary>
internal sealed class WaitingConsentTasks(VaultDbContext db) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var (member, seesAll) = (user.MemberId(), user.RoleInTenant() is Role.Owner or Role.Admin);
        var recordings = db.Recordings.AsNoTracking().Where(recording => recording.TrashedAt == null && !recording.IsBeingDestroyed && (seesAll || recording.CreatedBy == member)
            && db.ConsentTasks.Any(task => task.RecordingId == recording.Id && task.ClosedAt == null));
        var ids = recordings.Select(recording => recording.Id);
        var count = await ids.CountAsync(cancellationToken);
        if (count == 0)
            return null;
        var first = await ids.OrderBy(id => id).FirstAsync(cancellationToken);
        return new WaitingThing(
            "ban", Amount.Count(count, "recording", "recordings"), "in which somebody said no: decide what follows.", count == 1 ? "Look at it" : "Look at the first", $"/recordings/{first}/consent#tasks")
        { IsWrong = true };
    }
}
