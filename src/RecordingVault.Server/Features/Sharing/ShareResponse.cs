using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A link as the API tells it. Its address has the fragment that opens it only in the answer that made the secret.</summary>
internal sealed record ShareResponse(
    Guid Id, string Url, Guid RecordingId, DateTimeOffset ExpiresAt, bool ViewOnly, bool HasPasscode, string? RecipientName, string? Note, string State,
    DateTimeOffset CreatedAt, DateTimeOffset? StoppedAt, WatchedResponse Watched)
{
    /// <summary>The API token that made it; null where a person did.</summary>
    public Guid? MadeByToken { get; init; }

    /// <summary>When its secret was proved last; null where nobody ever did.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>The mark that is drawn onto the copy which it shows; null where it shows the film as it is.</summary>
    public VisibleMarkResponse? VisibleMark { get; init; }

    public ShareResponse WithSecret(ReadOnlySpan<byte> secret) => this with { Url = $"{Url}#{SecretToken.ToText(secret)}" };
}

/// <param name="Viewings">How often playing was started.</param>
/// <param name="PlayedShare">The most that one viewing played, 0 to 1, by the page's report.</param>
/// <param name="FetchedWhole">Whether much more was fetched, by our own count, than was played: a copy may exist.</param>
internal sealed record WatchedResponse(int Viewings, double PlayedShare, DateTimeOffset? LastAt, bool FetchedWhole)
{
    public static readonly WatchedResponse Never = new(0, 0, null, false);
}

/// <summary>Opens links' rows for their owners.</summary>
internal sealed class ShareReading(VaultDbContext db, TenantKeys keys, LinkOpenings openings, VisibleMarks marks, PublicAddress address, TimeProvider time)
{
    public string UrlOf(HttpRequest request, Guid shareId) => $"{address.Root(request)}/s/{shareId}";

    public async Task<ShareResponse> OpenAsync(HttpRequest request, Share share, CancellationToken cancellationToken) =>
        (await OpenAsync(request, [share], cancellationToken))[0];

    /// <summary>In the order given, of however many recordings.</summary>
    public async Task<IReadOnlyList<ShareResponse>> OpenAsync(HttpRequest request, IReadOnlyList<Share> shares, CancellationToken cancellationToken)
    {
        if (shares.Count == 0)
            return [];
        var watched = await WatchedAsync([.. shares.Select(share => share.Id)], cancellationToken);
        var proved = await openings.LastAsync([.. shares.Select(share => share.Id)], cancellationToken);
        var marked = await marks.TellAsync([.. shares.Select(share => share.Id)], cancellationToken);
        await keys.OpenRecordingKeysAsync(shares.Select(share => share.RecordingId).Distinct(), cancellationToken);
        var now = time.Now();
        var opened = new List<ShareResponse>(shares.Count);
        foreach (var share in shares)
        {
            using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
            opened.Add(new ShareResponse(
                share.Id,
                UrlOf(request, share.Id),
                share.RecordingId,
                share.ExpiresAt,
                !share.AllowDownload,
                share.PasscodeHash is not null,
                Open(share.RecipientName, key, share, Share.RecipientNameColumn),
                Open(share.Note, key, share, Share.NoteColumn),
                Name(share.StateAt(now)),
                share.CreatedAt,
                share.StoppedAt,
                watched.GetValueOrDefault(share.Id, WatchedResponse.Never))
            {
                MadeByToken = share.CreatedByTokenId,
                VisibleMark = marked.GetValueOrDefault(share.Id),
                OpenedAt = proved.TryGetValue(share.Id, out var at) ? at : null,
            });
        }

        return opened;
    }

    private static string? Open(SealedText? text, OwnerKey key, Share share, string column) => text?.Open(key, share.TenantId, share.Id, column);

    private async Task<Dictionary<Guid, WatchedResponse>> WatchedAsync(IReadOnlyList<Guid> shareIds, CancellationToken cancellationToken)
    {
        var rows = await db.Viewings.AsNoTracking()
            .Where(viewing => shareIds.Contains(viewing.ShareId))
            .GroupBy(viewing => viewing.ShareId)
            .Select(group => new
            {
                ShareId = group.Key,
                Started = group.Count(viewing => viewing.StartedAt != null),
                Played = group.Max(viewing => viewing.PlayedShare),
                LastAt = group.Max(viewing => viewing.StartedAt == null ? null : (DateTimeOffset?)viewing.LastSeenAt),
                Fetched = group.Sum(viewing => viewing.FetchedShare),
                PlayedTimes = group.Sum(viewing => viewing.PlayedTimes),
                Surplus = group.Max(viewing => viewing.FetchedShare - viewing.PlayedTimes),
            })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(
            row => row.ShareId, row => new WatchedResponse(row.Started, row.Played, row.LastAt, FetchedMore.ThanPlayed(row.Fetched, row.PlayedTimes, row.Surplus)));
    }

    private static string Name(ShareState state) => state switch
    {
        ShareState.Open => "open",
        ShareState.Ended => "ended",
        ShareState.Stopped => "stopped",
        ShareState.Locked => "locked",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
