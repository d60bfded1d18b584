using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Waiting;

/// <summary>Recordings of which nothing for browsers could be made: try again, or upload another file. After two weeks nobody is reminded any more.</summary>
internal sealed class WaitingFailures(VaultDbContext db, TimeProvider time) : IWaitingThings
{
    private static readonly TimeSpan ToldFor = TimeSpan.FromDays(14);

    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var since = time.Now() - ToldFor;
        var failed = db.Recordings.AsNoTracking()
            .Where(recording => recording.State == RecordingState.Failed && recording.TrashedAt == null && !recording.IsBeingDestroyed && recording.CreatedAt > since);
        var (count, only) = await WaitingCount.OfAsync(failed.Select(recording => recording.Id), cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "triangle-alert", Amount.Count(count, "recording", "recordings"), "could not be made ready for browsers.",
            count == 1 ? "Look at it" : "Look at them", only is { } one ? $"/recordings/{one}" : "/?state=failed")
        { IsWrong = true };
    }
}
