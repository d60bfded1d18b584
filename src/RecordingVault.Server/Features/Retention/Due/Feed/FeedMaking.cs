using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Retention.Due.Feed;

/// <summary>Makes and takes back what a member's calendar program reads the due days by.</summary>
internal sealed class FeedMaking(VaultDbContext db, AuditLog audit, TimeProvider time)
{
    public const string Made = "retention.feed-made";
    public const string Revoked = "retention.feed-revoked";

    public const int MostOfAMember = 3;

    public static readonly Problem TooMany = new("too-many-feeds", 409, "You have three calendar addresses already. Take one back that no program uses any more.");

    /// <summary>The label keeps this hash from standing for any other secret's.</summary>
    public static byte[] HashOf(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash("recordingvault.v1.due-feed", id, secret);

    public IQueryable<DueFeed> Live(Guid memberId) => db.DueFeeds.AsNoTracking().Where(feed => feed.MemberId == memberId && feed.RevokedAt == null);

    /// <returns>The feed's id and its secret, which is shown once and kept nowhere; or why there is none.</returns>
    public async Task<(MadeFeed? Feed, Problem? Problem)> MakeAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var member = http.User.MemberId();
        // Who was removed while he asked gets none that would wake when he is invited again.
        if (!await db.Memberships.AnyAsync(membership => membership.MemberId == member && membership.EndedAt == null, cancellationToken))
            return (null, Problem.Unauthorized);
        if (await Live(member).CountAsync(cancellationToken) >= MostOfAMember)
            return (null, TooMany);
        var (id, secret) = (Guid.CreateVersion7(), SecretToken.New());
        db.DueFeeds.Add(new DueFeed { TenantId = db.TenantId, Id = id, MemberId = member, SecretHash = HashOf(id, secret), CreatedAt = time.Now() });
        db.Locators.Add(new Locator { Id = id, Kind = LocatorKind.DueFeed, TenantId = db.TenantId });
        await audit.AppendAsync(new AuditEntry(Made, http.Actor(), AuditTargetKind.Member, member) { Fields = [("feed", id.ToString())] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new MadeFeed(id.ToString(), SecretToken.ToText(secret)), null);
    }

    /// <returns>False where he has no such feed.</returns>
    public async Task<bool> RevokeAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var member = http.User.MemberId();
        if (await db.DueFeeds.SingleOrDefaultAsync(feed => feed.Id == id && feed.MemberId == member, cancellationToken) is not { } found)
            return false;
        if (found.RevokedAt is not null)
            return true;
        found.RevokedAt = time.Now();
        await audit.AppendAsync(new AuditEntry(Revoked, http.Actor(), AuditTargetKind.Member, member) { Fields = [("feed", id.ToString())] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}

/// <param name="User">What the program asks for as the name.</param>
/// <param name="Password">Shown once.</param>
public sealed record MadeFeed(string User, string Password);

/// <summary>Feeds that were taken back long ago, with the way from their ids to their tenant: the log has the rest.</summary>
internal sealed class EndedFeeds(SystemScope system, JobEdge edge) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(SweepEndedJob.Name, tenantId, () => DeleteAsync(tenantId, endedBefore, cancellationToken));
    }

    private async Task DeleteAsync(Guid tenantId, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Three of a member live at a time: what ended in a month is few.
        var ids = await db.DueFeeds.Where(feed => feed.RevokedAt < endedBefore).Select(feed => feed.Id).ToListAsync(cancellationToken);
        await db.DueFeeds.Where(feed => ids.Contains(feed.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.Locators.Where(locator => ids.Contains(locator.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
