using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>What others ask an Owner or an Admin to approve.</summary>
internal sealed class WaitingLoosenings(LooseningReading reading) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!UsageProblems.MayLoosen(user.RoleInTenant()))
            return null;
        var reader = user.MemberId();
        var (count, only) = await WaitingCount.OfAsync(reading.Live().Where(request => request.AskedBy != reader).Select(request => request.Id), cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "users", Amount.Count(count, "usage tag", "usage tags"), count == 1 ? "is to be made looser, and needs a second person." : "are to be made looser, and need a second person.",
            count == 1 ? "Look at it" : "Look at them", only is { } one ? $"{LooseningPages.Path}/{one}" : LooseningPages.Path);
    }
}
