using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// Finds an upload for the member who began it, in person or by a token, and for the token that began it. To everybody else, of this tenant or
/// another, it is not there (docs/decisions/0040).
/// </summary>
internal sealed class UploadLookup(VaultDbContext db, TimeProvider time)
{
    /// <summary>The upload as the row stands now, tracked; or why it can't be used.</summary>
    public async Task<(Upload? Upload, Problem? Problem)> FindAsync(Guid id, ClaimsPrincipal asker, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear(); // what was read before a wait for the turn may be old
        var (member, token) = (asker.MemberId(), asker.TokenId());
        if (await db.Uploads.SingleOrDefaultAsync(upload => upload.Id == id && upload.MemberId == member, cancellationToken) is { } upload)
        {
            return token is not null && token != upload.TokenId ? (null, Problem.NotFound)
                : upload.IsGone(time.Now()) ? (null, UploadProblems.Ended)
                : (upload, null);
        }

        var wasEnded = await db.EndedUploads.AnyAsync(ended => ended.Id == id && ended.MemberId == member, cancellationToken);
        return (null, wasEnded ? UploadProblems.Ended : Problem.NotFound);
    }
}
