using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sessions;

/// <param name="Current">The one that asks.</param>
/// <param name="TenantId">The organisation that it works in.</param>
/// <param name="Browser">Browser and system in plain words, as the browser called itself at sign-in.</param>
/// <param name="Address">Where it stood at sign-in.</param>
/// <param name="EndsAt">When it ends by itself, unless it is used before.</param>
/// <param name="Method">password, two-factors or passkey.</param>
internal sealed record SessionResponse(
    Guid Id, bool Current, Guid TenantId, string Browser, string? Address, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt, DateTimeOffset EndsAt, string Method);

internal static class ListSessions
{
    private const string List = "sessions";

    public static async Task<Results<Ok<PageResponse<SessionResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, HttpContext http, SessionList list, Cursors cursors, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        // His sessions stand in several tenants: a place in their list is his own, whichever he asks in.
        PagePlace? after = null;
        if (cursor is not null)
        {
            if (!cursors.TryRead(List, http.User.MemberId(), cursor, out var place))
                return Cursors.Wrong().ToResult();
            after = place;
        }

        var (items, next) = await list.PageAsync(http, limit ?? Cursors.DefaultLimit, after, cancellationToken);
        return TypedResults.Ok(new PageResponse<SessionResponse>(items, next is { } last ? cursors.Write(List, http.User.MemberId(), last) : null));
    }
}
