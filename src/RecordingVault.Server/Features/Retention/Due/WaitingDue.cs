using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due;

/// <summary>Recordings whose time is over and about which somebody decides: whoever may keep them or move them to the trash.</summary>
internal sealed class WaitingReviews(VaultDbContext db) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var (count, _) = await WaitingCount.OfAsync(DueRows.Waiting(db).Select(row => row.RecordingId), cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "calendar-clock", Amount.Count(count, "recording", "recordings"), count == 1 ? "has reached the end of its time: keep it, or move it to the trash." : "have reached the end of their time: keep them, or move them to the trash.",
            "Decide", $"{DueRoutes.Path}#review");
    }
}

/// <summary>The nightly run has not run, or leaves things lying: those who answer for the organisation hear of it before anybody counts days.</summary>
internal sealed class WaitingRun(VaultDbContext db, TimeProvider time) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin) || await RunLook.WrongAsync(db, time.Now(), cancellationToken) is not { } wrong)
            return null;
        return new WaitingThing("triangle-alert", wrong.Fact, wrong.Why, "Look at it", DueRoutes.Path) { IsWrong = true };
    }
}
