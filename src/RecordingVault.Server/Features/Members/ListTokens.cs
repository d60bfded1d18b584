using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

internal sealed record TokenResponse(
    Guid Id, string Name, string Role, IReadOnlyList<string> Purposes, Guid MemberId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

internal static class ListTokens
{
    public static async Task<Results<Ok<PageResponse<TokenResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, HttpContext http, TokenList list, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await list.PageAsync(http.TokensInSight(), limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Cursors.Wrong().ToResult();
    }
}

/// <summary>Which tokens somebody sees and may revoke: Owners and Admins all of the tenant, others their own.</summary>
internal static class TokenSight
{
    public static Guid? TokensInSight(this HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin ? null : http.User.MemberId();

    public static IQueryable<ApiToken> InSight(this IQueryable<ApiToken> tokens, Guid? onlyOf) =>
        onlyOf is { } memberId ? tokens.Where(token => token.MemberId == memberId) : tokens;
}

/// <summary>Newest first, paged by key.</summary>
internal sealed class TokenList(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string List = "tokens";

    /// <summary>Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<TokenResponse>?> PageAsync(Guid? onlyOf, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.ApiTokens.AsNoTracking().InSight(onlyOf);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var items = rows.Take(limit).Select(token => new TokenResponse(
            token.Id, token.Name.Open(key, token.TenantId, token.Id, ApiToken.NameColumn), token.Role.ToString(), TokenPurposes.OfRow(token.Purposes), token.MemberId,
            token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt)).ToList();
        return new PageResponse<TokenResponse>(items, rows.Count > limit ? cursors.Write(List, db.TenantId, rows[limit - 1].Place()) : null);
    }
}
