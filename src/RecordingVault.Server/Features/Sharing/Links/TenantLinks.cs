using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>A link as the page of all links tells it.</summary>
/// <param name="Token">Name of the API token in whose hand it was made; null where none was, or where the asker may not see it.</param>
/// <param name="InTrash">Its recording lies in the trash, so it opens nothing.</param>
internal sealed record TenantLink(ShareResponse Share, string RecordingTitle, bool InTrash, string MadeBy, string? Token);

/// <summary>All links of the tenant, newest first, paged by key.</summary>
internal sealed class TenantLinks(VaultDbContext db, LiveLinks live, TenantKeys keys, MemberDirectory members, ShareReading reading, LinkOpenings openings, Cursors cursors, TimeProvider time)
{
    /// <summary>Reports of playing come every ten seconds.</summary>
    private static readonly TimeSpan WatchingNow = TimeSpan.FromSeconds(30);

    /// <summary>Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<ShareResponse>?> PageAsync(HttpRequest request, LinkChoice? choice, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (await RowsAsync(choice, limit, cursor, cancellationToken) is not { } page)
            return null;
        return new PageResponse<ShareResponse>(await reading.OpenAsync(request, page.Items, cancellationToken), page.NextCursor);
    }

    /// <summary>The same with what a person wants to know beside it; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<TenantLink>?> TellAsync(HttpRequest request, LinkChoice choice, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (await RowsAsync(choice, limit, cursor, cancellationToken) is not { } page)
            return null;
        return new PageResponse<TenantLink>(await TellAsync(request, page.Items, cancellationToken), page.NextCursor);
    }

    public async Task<IReadOnlyList<TenantLink>> TellAsync(HttpRequest request, IReadOnlyList<Share> shares, CancellationToken cancellationToken)
    {
        var told = await reading.OpenAsync(request, shares, cancellationToken);
        var recordings = await RecordingsAsync(shares, cancellationToken);
        var makers = shares.Select(share => share.CreatedBy).Distinct().ToList();
        var names = (await db.Users.AsNoTracking().Where(member => makers.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        var tokens = await TokensAsync(shares, request.HttpContext.TokensInSight(), cancellationToken);
        return [.. shares.Zip(told, (share, link) => new TenantLink(
            link,
            recordings[share.RecordingId].Title,
            recordings[share.RecordingId].InTrash,
            names.GetValueOrDefault(share.CreatedBy, "somebody whose account is gone"),
            share.CreatedByTokenId is { } token ? tokens.GetValueOrDefault(token) : null))];
    }

    /// <summary>How many viewings of live links, of one recording, of these links or of the tenant, have told within the last half minute that something plays.</summary>
    public async Task<int> CountWatchingAsync(Guid? recordingId, IReadOnlyCollection<Guid>? only, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var since = now - WatchingNow;
        return await db.Viewings.AsNoTracking().CountAsync(
            viewing => viewing.StartedAt != null && viewing.LastSeenAt > since && (recordingId == null || viewing.RecordingId == recordingId) && (only == null || only.Contains(viewing.ShareId))
                && db.Shares.Any(share => share.Id == viewing.ShareId && share.StoppedAt == null && share.ExpiresAt > now),
            cancellationToken);
    }

    private async Task<PageResponse<Share>?> RowsAsync(LinkChoice? choice, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = $"links/{choice?.Name() ?? "all"}";
        var query = Chosen(choice);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(list, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<Share>([.. rows.Take(limit)], rows.Count > limit ? cursors.Write(list, db.TenantId, rows[limit - 1].Place()) : null);
    }

    private IQueryable<Share> Chosen(LinkChoice? choice)
    {
        var now = time.Now();
        // What is being destroyed has no key any more that could open its names.
        var all = db.Shares.AsNoTracking().Where(share => db.Recordings.Any(recording => recording.Id == share.RecordingId && !recording.IsBeingDestroyed));
        return choice switch
        {
            null => all,
            LinkChoice.Live => live.Rows(),
            LinkChoice.Ended => all.Where(share => share.StoppedAt != null || share.ExpiresAt <= now
                || db.Recordings.Any(recording => recording.Id == share.RecordingId && recording.TrashedAt != null)),
            LinkChoice.NeverOpened => openings.Never(all),
            _ => throw new ArgumentOutOfRangeException(nameof(choice)),
        };
    }

    private async Task<Dictionary<Guid, (string Title, bool InTrash)>> RecordingsAsync(IReadOnlyList<Share> shares, CancellationToken cancellationToken)
    {
        var ids = shares.Select(share => share.RecordingId).Distinct().ToList();
        var rows = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id)).ToListAsync(cancellationToken);
        var recordings = new Dictionary<Guid, (string, bool)>();
        foreach (var row in rows)
        {
            using var key = await keys.RecordingKeyAsync(row.Id, cancellationToken);
            recordings[row.Id] = (row.Title.Open(key, row.TenantId, row.Id, Recording.TitleColumn), row.TrashedAt is not null);
        }

        return recordings;
    }

    private async Task<Dictionary<Guid, string>> TokensAsync(IReadOnlyList<Share> shares, Guid? inSight, CancellationToken cancellationToken)
    {
        var ids = shares.Where(share => share.CreatedByTokenId is not null).Select(share => share.CreatedByTokenId!.Value).Distinct().ToList();
        if (ids.Count == 0)
            return [];
        using var key = await keys.DataKeyAsync(cancellationToken);
        var rows = await db.ApiTokens.AsNoTracking().InSight(inSight).Where(token => ids.Contains(token.Id)).Select(token => new { token.Id, token.TenantId, token.Name }).ToListAsync(cancellationToken);
        return rows.ToDictionary(token => token.Id, token => token.Name.Open(key, token.TenantId, token.Id, ApiToken.NameColumn));
    }
}
