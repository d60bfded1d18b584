using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Each minute: takes off the second factors whose day is over. The rows say which; what was stopped has none.</summary>
internal sealed class RemoveFactorsJob(IServiceScopeFactory scopes, JobEdge edge, TimeProvider time) : ISystemJob
{
    public static string Name => "remove-factors";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.Now();
        var due = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().FactorRemovals.AsNoTracking().Where(removal => removal.DueAt <= now).ToListAsync(cancellationToken);
        foreach (var removal in due)
            await edge.TryAsync(Name, removal.Id, () => RemoveAsync(removal, cancellationToken));
    }

    private async Task RemoveAsync(FactorRemoval removal, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FactorTaking>().TakeOffAsync(removal, cancellationToken);
    }
}

/// <summary>All factors, all sessions, the events and the letter in one transaction.</summary>
internal sealed class FactorTaking(VaultDbContext db, AccountChange account, FactorRemovals removals, IEnumerable<ISecondFactor> factors, MemberReach reach, IMemberNotices notices)
{

    public async Task TakeOffAsync(FactorRemoval removal, CancellationToken cancellationToken)
    {
        // He may be no owner any more, or the member may have joined where he is none: then nothing is taken off.
        if (removal.AskedById is { } asker && !await reach.OwnsAsync(asker, removal.MemberId, cancellationToken))
        {
            await removals.StopAsync(removal, Actor.System, cancellationToken);
            return;
        }

        var member = await db.Users.SingleAsync(row => row.Id == removal.MemberId, cancellationToken);
        await account.RunAsync(
            member.Id,
            new AuditEntry("member.factors-removed", Actor.System, AuditTargetKind.Member, member.Id) { ChangesPermission = true },
            async () =>
            {
                if (!await removals.TakeAsync(removal, cancellationToken))
                    return false;
                foreach (var factor in factors)
                    await factor.RemoveAsync(member.Id, cancellationToken);
                await account.EndSessionsAsync(member.Id, cancellationToken);
                member.EndSessions();
                // Who asked may know the password: what is set up from here on is the member's own only when he shows his address anew.
                if (removal.AskedById is not null)
                    member.DoubtAddress();
                await notices.TellAsync(member.Id, MemberNotice.FactorsRemoved, cancellationToken);
                return true;
            },
            cancellationToken);
    }
}
