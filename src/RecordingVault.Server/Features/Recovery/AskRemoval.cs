using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <param name="DueAt">When it happens, unless the member stops it.</param>
internal sealed record FactorRemovalResponse(DateTimeOffset DueAt);

/// <summary>An Owner asks for a member's second factor to be taken off. Where the member belongs to several tenants he must be Owner in each of them.</summary>
internal static class AskRemoval
{
    public static async Task<Results<Accepted<FactorRemovalResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, RemovalAsking asking, CancellationToken cancellationToken)
    {
        var (dueAt, refusal) = await asking.AskAsync(id, http, cancellationToken);
        return dueAt is { } due ? TypedResults.Accepted((string?)null, new FactorRemovalResponse(due)) : refusal!.ToResult();
    }
}

internal sealed class RemovalAsking(VaultDbContext db, MemberDirectory directory, MemberReach reach, FactorRemovals removals, PageFrames frames)
{
    public async Task<(DateTimeOffset? DueAt, Problem? Refusal)> AskAsync(Guid memberId, HttpContext http, CancellationToken cancellationToken)
    {
        var asker = http.User.MemberId();
        if (!await db.Memberships.AnyAsync(membership => membership.MemberId == memberId && membership.EndedAt == null, cancellationToken))
            return (null, Problem.NotFound);
        if (memberId == asker)
            return (null, RecoveryProblems.OwnAccount);
        if (!await reach.OwnsAsync(asker, memberId, cancellationToken))
            return (null, RecoveryProblems.ReachesFurther);
        var named = new RemovalAsker(http.User.Identity?.Name ?? "", await frames.TenantNameAsync(cancellationToken));
        return await removals.AskAsync(await directory.GetAsync(memberId, cancellationToken), asker, named, http.Actor(), cancellationToken);
    }
}
