using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Asks for a second factor to be taken off, and stops that. Every log of the member's tenants has both.</summary>
internal sealed class FactorRemovals(VaultDbContext db, AccountChange account, IEnumerable<ISecondFactor> factors, RemovalLetters letters, TimeProvider time) : IRemovalEnding
{
    /// <param name="askedBy">Null for the operator.</param>
    /// <returns>When it happens unless it is stopped; or why not. Asking again while one is open changes nothing.</returns>
    public async Task<(DateTimeOffset? DueAt, Problem? Refusal)> AskAsync(Member member, Guid? askedBy, RemovalAsker asker, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindAsync(member.Id, cancellationToken) is { } open)
            return (open.DueAt, null);
        if (!await HasFactorAsync(member.Id, cancellationToken))
            return (null, RecoveryProblems.NoSecondFactor);

        var (link, now) = (AccountLink.New(), time.Now());
        var due = now + FactorRemoval.Delay;
        var isAsked = await account.RunAsync(
            member.Id,
            new AuditEntry("member.factor-removal-asked", actor, AuditTargetKind.Member, member.Id),
            async () =>
            {
                // Behind the logs' locks: of two who ask at once the second finds it asked.
                if (await FindAsync(member.Id, cancellationToken) is not null)
                    return false;
                db.FactorRemovals.Add(new FactorRemoval
                {
                    Id = link.Id,
                    MemberId = member.Id,
                    AskedById = askedBy,
                    SecretHash = link.Hash(AccountLink.RemovalLabel),
                    AskedAt = now,
                    DueAt = due,
                });
                letters.Put(member, asker, link, due);
                return true;
            },
            cancellationToken);
        return isAsked ? (due, null) : (null, Problem.ChangedMeanwhile);
    }

    public Task<FactorRemoval?> FindAsync(Guid memberId, CancellationToken cancellationToken) =>
        db.FactorRemovals.AsNoTracking().SingleOrDefaultAsync(removal => removal.MemberId == memberId, cancellationToken);

    /// <summary>Null for whatever stops nothing (any more): the same for all reasons.</summary>
    public async Task<FactorRemoval?> ProveAsync(string text, CancellationToken cancellationToken)
    {
        if (AccountLink.Parse(text) is not { } link)
            return null;
        var row = await db.FactorRemovals.AsNoTracking().SingleOrDefaultAsync(removal => removal.Id == link.Id, cancellationToken);
        return link.Fits(AccountLink.RemovalLabel, row?.SecretHash) ? row : null;
    }

    /// <summary>False when there was nothing to stop any more.</summary>
    public Task<bool> StopAsync(FactorRemoval removal, Actor actor, CancellationToken cancellationToken) => account.RunAsync(
        removal.MemberId,
        new AuditEntry("member.factor-removal-stopped", actor, AuditTargetKind.Member, removal.MemberId),
        () => TakeAsync(removal, cancellationToken),
        cancellationToken);

    public async Task EndAsync(Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindAsync(memberId, cancellationToken) is { } removal)
            await StopAsync(removal, actor, cancellationToken);
    }

    /// <summary>True for the one who ends this row.</summary>
    public async Task<bool> TakeAsync(FactorRemoval removal, CancellationToken cancellationToken) =>
        await db.FactorRemovals.Where(row => row.Id == removal.Id).ExecuteDeleteAsync(cancellationToken) == 1;

    private async Task<bool> HasFactorAsync(Guid memberId, CancellationToken cancellationToken)
    {
        foreach (var factor in factors)
        {
            if (await factor.IsSetUpAsync(memberId, cancellationToken))
                return true;
        }

        return false;
    }
}

/// <summary>Who asks, as the letter names him.</summary>
internal sealed record RemovalAsker(string Name, string TenantName);
