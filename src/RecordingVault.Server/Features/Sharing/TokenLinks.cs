using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Links that API tokens made or opened up. They belong to the tenant and stay when a token ends; who revokes it may stop them with it (docs/decisions/0127).</summary>
internal sealed class TokenLinks(VaultDbContext db, LiveLinks live, StopShares.ShareStopping stopping)
{
    /// <summary>How many links of each token open something now; a token without any is not in it.</summary>
    public async Task<Dictionary<Guid, int>> CountLiveAsync(IReadOnlyCollection<Guid> tokenIds, CancellationToken cancellationToken)
    {
        var of = await live.Rows().Where(Of(tokenIds)).Select(share => new { share.CreatedByTokenId, share.OpenedUpByTokenId }).ToListAsync(cancellationToken);
        return of.SelectMany(share => new[] { share.CreatedByTokenId, share.OpenedUpByTokenId }.OfType<Guid>().Distinct())
            .Where(tokenIds.Contains)
            .CountBy(token => token)
            .ToDictionary();
    }

    /// <summary>Stops those of a token, and of the tokens that it made, which end with it.</summary>
    /// <returns>How many were not stopped before.</returns>
    public async Task<int> StopAsync(Guid tokenId, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        var family = await FamilyAsync(tokenId, cancellationToken);
        return await stopping.StopAsync(shares => shares.Where(Of(family)), memberId, actor, cancellationToken);
    }

    private static Expression<Func<Share, bool>> Of(IReadOnlyCollection<Guid> tokenIds) => share =>
        (share.CreatedByTokenId != null && tokenIds.Contains(share.CreatedByTokenId.Value)) || (share.OpenedUpByTokenId != null && tokenIds.Contains(share.OpenedUpByTokenId.Value));

    private async Task<List<Guid>> FamilyAsync(Guid tokenId, CancellationToken cancellationToken)
    {
        List<Guid> family = [];
        List<Guid> made = [tokenId];
        while (made.Count > 0)
        {
            family.AddRange(made);
            var makers = made;
            made = await db.ApiTokens.AsNoTracking().Where(token => token.MadeByTokenId != null && makers.Contains(token.MadeByTokenId.Value)).Select(token => token.Id).ToListAsync(cancellationToken);
        }

        return family;
    }
}
