using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>What others want kept for less long, to an Owner or an Admin who can still say no.</summary>
internal sealed class WaitingScheduleChanges(ChangeEnding ending) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin))
            return null;
        var reader = user.MemberId();
        var (count, only) = await WaitingCount.OfAsync(ending.Live().Where(change => change.AskedBy != reader).Select(change => change.Id), cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "users", Amount.Count(count, "retention schedule", "retention schedules"), count == 1 ? "is to keep for less long, unless somebody declines." : "are to keep for less long, unless somebody declines.",
            count == 1 ? "Look at it" : "Look at them", only is { } one ? $"{SchedulePages.ChangesPath}/{one}" : SchedulePages.Path);
    }
}
