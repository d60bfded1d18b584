using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Somebody who opened a link. He may as long as the link may, and only what the link is for.</summary>
internal sealed record ShareAsker(Actor Actor, Guid ShareId, Guid GrantId, int Generation) : Asker(Actor, GrantId)
{
    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await db.Shares.AsNoTracking()
            .Where(share => share.Id == ShareId && share.RecordingId == recordingId)
            .Select(share => new { share.StoppedAt, share.ExpiresAt, share.AllowDownload, share.Generation, IsMarked = db.RecipientCopies.Any(copy => copy.Id == share.Id && copy.IsWanted) })
            .SingleOrDefaultAsync(cancellationToken);
        if (link is null)
            return Standing.Refused(Problem.NotFound);
        if (ShareProblems.Ended(link.StoppedAt, link.ExpiresAt, now) is { } ended)
            return Standing.Refused(ended);
        if (link.Generation != Generation)
            return Standing.Refused(ShareProblems.Changed);
        return new Standing { MayView = true, MayDownload = link.AllowDownload, OnlyCopy = link.IsMarked ? ShareId : null, End = new StandingEnd(link.ExpiresAt, ShareProblems.Expired(link.ExpiresAt)) };
    }

    /// <summary>The viewing keeps its own count, so that the owner sees who fetched more than he played.</summary>
    public override Task CountAsync(VaultDbContext db, SentBytes sent, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Viewings.Where(viewing => viewing.GrantId == GrantId).ExecuteUpdateAsync(
            set => set
                .SetProperty(viewing => viewing.FetchedShare, viewing => viewing.FetchedShare + sent.Share)
                .SetProperty(viewing => viewing.LastSeenAt, now),
            cancellationToken);
}
