using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Sharing.Links;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The stop button for browsers without scripts; it leads back to the page that it stands on.</summary>
internal static class StopByForm
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, VaultDbContext db, StopShares.ShareStopping stopping, CancellationToken cancellationToken)
    {
        if (await db.Shares.AsNoTracking().SingleOrDefaultAsync(share => share.Id == id, cancellationToken) is not { } share)
            return new NoSuchPage();
        var back = (await PostedForm.ReadAsync(http.Request, cancellationToken))?["back"];
        await stopping.StopAsync(shares => shares.Where(row => row.Id == id), http.User.MemberId(), http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(back is "links" ? ShowLinks.Path : $"/recordings/{share.RecordingId}");
    }
}
