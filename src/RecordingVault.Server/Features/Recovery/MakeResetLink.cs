using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <param name="Url">The whole link, this once.</param>
internal sealed record ResetLinkResponse(string Url, DateTimeOffset ExpiresAt);

/// <summary>An Owner or Admin makes a link by which a member sets a new password. It may reach no further than he does himself.</summary>
internal static class MakeResetLink
{
    public static async Task<Results<Ok<ResetLinkResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, ResetLinkMaking making, CancellationToken cancellationToken)
    {
        var (link, refusal) = await making.MakeAsync(id, http, cancellationToken);
        return link is null ? refusal!.ToResult() : TypedResults.Ok(link);
    }
}

internal sealed class ResetLinkMaking(VaultDbContext db, MemberDirectory directory, MemberReach reach, ResetLinks links, PublicAddress address)
{
    /// <summary>The link, or why there is none.</summary>
    public async Task<(ResetLinkResponse? Link, Problem? Refusal)> MakeAsync(Guid memberId, HttpContext http, CancellationToken cancellationToken)
    {
        var maker = http.User.MemberId();
        if (!await db.Memberships.AnyAsync(membership => membership.MemberId == memberId && membership.EndedAt == null, cancellationToken))
            return (null, Problem.NotFound);
        if (memberId == maker)
            return (null, RecoveryProblems.OwnAccount);
        if (!await reach.CoversAsync(maker, memberId, cancellationToken))
            return (null, RecoveryProblems.ReachesFurther);
        var member = await directory.GetAsync(memberId, cancellationToken);
        return await links.MakeAsync(member, maker, http.Actor(), cancellationToken) is var (link, endsAt)
            ? (new ResetLinkResponse($"{address.Root(http.Request)}{ResetPassword.Path}#{link}", endsAt), null)
            : (null, Problem.ChangedMeanwhile);
    }
}
