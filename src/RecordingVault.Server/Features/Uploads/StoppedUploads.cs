using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>The member's own uploads that stand still midway.</summary>
internal sealed class StoppedUploads(VaultDbContext db, TimeProvider time) : IWaitingThings
{
    /// <summary>Parts are acknowledged each second: after so long whoever sends has paused, or is cut off.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var (member, now) = (user.MemberId(), time.Now());
        // Each byte that counts puts the end of an upload's life off.
        var silent = now + Upload.Lifetime - Silence;
        var count = await db.Uploads.AsNoTracking()
            .CountAsync(upload => upload.MemberId == member && upload.State == UploadState.Receiving && upload.DeclaredLength != null && upload.ExpiresAt > now && upload.ExpiresAt < silent, cancellationToken);
        return count == 0 ? null : new WaitingThing(
            "upload", Amount.Count(count, "upload of yours", "uploads of yours"), "stopped midway. What arrived is safe.", count == 1 ? "Continue it" : "Continue them", "/upload");
    }
}
