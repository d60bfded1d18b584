using System.Security.Claims;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The member's links that end within three days. Whoever made one today knows.</summary>
internal sealed class EndingLinks(LiveLinks links, TimeProvider time) : IWaitingThings
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(3);

    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var (member, now) = (user.MemberId(), time.Now());
        var (until, before) = (now + Soon, now - TimeSpan.FromDays(1));
        var ending = links.Rows().Where(share => share.CreatedBy == member && share.ExpiresAt <= until && share.CreatedAt < before);
        var (count, only) = await WaitingCount.OfAsync(ending.Select(share => share.Id), cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "calendar-clock", Amount.Count(count, "link of yours", "links of yours"), count == 1 ? "ends within 3 days." : "end within 3 days.",
            count == 1 ? "Look at it" : "Look at them", only is { } one ? $"/shares/{one}" : "/links?show=live");
    }
}
