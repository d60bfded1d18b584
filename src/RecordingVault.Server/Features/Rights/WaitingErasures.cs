using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Rights;

/// <summary>Requests to be erased that nobody has answered: to Owners and Admins.</summary>
internal sealed class WaitingErasures(VaultDbContext db, TimeProvider time) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin))
            return null;
        var open = db.ErasureRequests.AsNoTracking().Where(request => request.ClosedAt == null);
        if (await open.OrderBy(request => request.DueAt).ThenBy(request => request.Id).Select(request => new { request.ContactId, request.DueAt }).FirstOrDefaultAsync(cancellationToken) is not { } first)
            return null;
        var count = await open.CountAsync(cancellationToken);
        var left = (int)Math.Ceiling((first.DueAt - time.Now()).TotalDays);
        return new WaitingThing(
            "trash-2", Amount.Count(count, "request", "requests"), $"to be erased: {(left < 0 ? "the first is overdue" : $"the first is due in {Amount.Count(left, "day", "days")}")}.",
            count == 1 ? "Look at it" : "Look at the first", RightsPages.PathOf(first.ContactId))
        { IsWrong = left < 0 };
    }
}
