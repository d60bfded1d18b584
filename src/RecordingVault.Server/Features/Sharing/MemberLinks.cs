using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A live link whose maker does not belong to the tenant any more.</summary>
internal sealed record LeftLink(Guid ShareId, Guid RecordingId, string RecordingTitle, Guid MadeBy, string MadeByName, string? RecipientName, bool AllowsDownload, DateTimeOffset ExpiresAt);

/// <summary>Links by who made them. They belong to the tenant: they stay when their makers go, and its Owners see them.</summary>
internal sealed class MemberLinks(VaultDbContext db, LiveLinks live, TenantKeys keys, MemberDirectory members, Cursors cursors)
{
    private const string List = "left-links";

    public Task<int> CountLiveAsync(CancellationToken cancellationToken) => live.Rows().CountAsync(cancellationToken);

    /// <summary>How many links of a member open something now.</summary>
    public Task<int> CountLiveOfAsync(Guid memberId, CancellationToken cancellationToken) => live.Rows().CountAsync(share => share.CreatedBy == memberId, cancellationToken);

    /// <summary>Live links of people who left, the newest first, paged by key. Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<LeftLink>?> LeftAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = live.Rows().Where(share => !db.Memberships.Any(row => row.MemberId == share.CreatedBy && row.EndedAt == null));
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var found = await query.NewestFirst().Take(limit + 1)
            .Join(db.Recordings.AsNoTracking(), share => share.RecordingId, recording => recording.Id, (share, recording) => new { Share = share, recording.Title })
            .ToListAsync(cancellationToken);
        var rows = found.Take(limit).ToList();
        await keys.OpenRecordingKeysAsync(rows.Select(row => row.Share.RecordingId), cancellationToken);
        var makers = rows.Select(row => row.Share.CreatedBy).Distinct().ToList();
        var names = (await db.Users.AsNoTracking().Where(member => makers.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        var left = new List<LeftLink>(rows.Count);
        foreach (var row in rows)
        {
            var share = row.Share;
            using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
            left.Add(new LeftLink(
                share.Id,
                share.RecordingId,
                row.Title.Open(key, share.TenantId, share.RecordingId, Recording.TitleColumn),
                share.CreatedBy,
                names.GetValueOrDefault(share.CreatedBy, "somebody whose account is gone"),
                share.RecipientName?.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn),
                share.AllowDownload,
                share.ExpiresAt));
        }

        return new PageResponse<LeftLink>(left, found.Count > limit ? cursors.Write(List, db.TenantId, rows[^1].Share.Place()) : null);
    }
}
