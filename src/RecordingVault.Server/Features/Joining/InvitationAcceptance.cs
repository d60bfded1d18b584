using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Joining;

internal enum JoinOutcome
{
    /// <summary>He belongs to the tenant: since now, or since he did the same before.</summary>
    Joined,

    /// <summary>The invitation was used, withdrawn, made anew or has ended meanwhile.</summary>
    Over,

    /// <summary>The account is not that of the invited address.</summary>
    OtherAddress,

    /// <summary>An account with this address came into being meanwhile.</summary>
    AddressTaken,

    /// <summary>Nobody has shown yet that the account is his who reads its address: it joins no further tenant.</summary>
    Unproved,
}

/// <summary>Accepts invitations: the membership, the invitation's end and the event stand or fall together, under the tenant's lock.</summary>
internal sealed class InvitationAcceptance(SystemScope system, InvitationDoor door, TimeProvider time)
{
    /// <summary>For a member who has shown that the account is his.</summary>
    public Task<JoinOutcome> AcceptAsync(ProvedInvitation proved, Guid memberId, Actor actor, CancellationToken cancellationToken) =>
        proved.AccountId == memberId ? JoinAsync(proved, memberId, account: null, actor, cancellationToken) : Task.FromResult(JoinOutcome.OtherAddress);

    /// <summary>For somebody without an account: it is made in the same transaction.</summary>
    public Task<JoinOutcome> AcceptAsync(ProvedInvitation proved, NewMember account, Actor actor, CancellationToken cancellationToken) =>
        JoinAsync(proved, account.Id, account, actor, cancellationToken);

    private async Task<JoinOutcome> JoinAsync(ProvedInvitation proved, Guid memberId, NewMember? account, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(proved.TenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        var now = time.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Invitations.SingleOrDefaultAsync(row => row.Id == proved.Link.Id, cancellationToken) is not { } invitation
            || !SecretToken.Matches(proved.Link.Hash(), invitation.SecretHash))
        {
            return JoinOutcome.Over;
        }

        var membership = await db.Memberships.SingleOrDefaultAsync(row => row.MemberId == memberId, cancellationToken);
        if (invitation.AcceptedBy == memberId && membership is { EndedAt: null })
            return JoinOutcome.Joined;
        var maker = await db.Memberships.AsNoTracking().Where(row => row.MemberId == invitation.InvitedBy && row.EndedAt == null).Select(row => (Role?)row.Role).SingleOrDefaultAsync(cancellationToken);
        if (InvitationReading.State(invitation, maker, now) is not InvitationState.Open)
            return JoinOutcome.Over;
        if (account is null)
            await TakeAccountAsync(memberId, db, cancellationToken);
        if (account is null && membership is not { EndedAt: null }
            && await door.NeedAsync(await db.Users.AsNoTracking().SingleAsync(row => row.Id == memberId, cancellationToken), invitation, db, cancellationToken) is not NeededProof.None)
        {
            return JoinOutcome.Unproved;
        }

        if (account is not null && !await AddAsync(account, scope.ServiceProvider))
            return JoinOutcome.AddressTaken;

        // Whoever belongs to the tenant already keeps his role: changing it is another act, with its own rules.
        // And whoever once read another address of the account has no part in what it reaches from here on.
        if (membership is not { EndedAt: null })
            await scope.ServiceProvider.GetRequiredService<IWaysBack>().EndAsync(memberId, cancellationToken);
        if (membership is null)
            db.Memberships.Add(new Membership { TenantId = proved.TenantId, Id = Guid.CreateVersion7(), MemberId = memberId, Role = invitation.Role, CreatedAt = now, LastOpenedAt = now });
        else if (membership.EndedAt is not null)
            await RejoinAsync(membership, invitation.Role, now, db, cancellationToken);
        invitation.Accept(memberId, now);
        await audit.AppendAsync(
            new AuditEntry("member.joined", actor, AuditTargetKind.Member, memberId)
            {
                ChangesPermission = true,
                Fields = [("role", (membership?.Role ?? invitation.Role).ToString()), ("invitation", invitation.Id.ToString())],
            },
            cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return JoinOutcome.Joined;
    }

    /// <summary>
    /// Keeps the account to this transaction until it ends. What it may still join depends on where it belongs already, and each tenant has a lock of its own:
    /// of two invitations at the same moment the later one must see what the earlier one did.
    /// </summary>
    private static Task<int> TakeAccountAsync(Guid memberId, VaultDbContext db, CancellationToken cancellationToken) =>
        db.Users.Where(row => row.Id == memberId).ExecuteUpdateAsync(set => set.SetProperty(row => row.EmailConfirmed, row => row.EmailConfirmed), cancellationToken);

    /// <summary>A session that was on its way when he was removed may still stand: it does not come back with him.</summary>
    private static async Task RejoinAsync(Membership membership, Role role, DateTimeOffset now, VaultDbContext db, CancellationToken cancellationToken)
    {
        membership.Rejoin(role, now);
        await db.Sessions.Where(row => row.MemberId == membership.MemberId && row.TenantId == membership.TenantId && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
    }

    /// <summary>False when the address has an account, or gets one at this moment elsewhere.</summary>
    private static async Task<bool> AddAsync(NewMember account, IServiceProvider services)
    {
        try
        {
            return await services.GetRequiredService<MemberCreation>().AddAccountAsync(account) is null;
        }
        catch (DbUpdateException refused) when (refused.IsUniqueViolation())
        {
            return false;
        }
    }
}

/// <summary>
/// A person who belongs to no tenant any more can't sign in, and an invitation asks him to: where he has opened one for his address in this browser,
/// showing who he is accepts it.
/// </summary>
internal sealed class WaitingInvitation(JoinTickets tickets, InvitationDoor door, InvitationAcceptance acceptance) : IWaitingInvitation
{
    public async Task<bool> AcceptAsync(HttpContext http, Guid memberId, Actor actor, CancellationToken cancellationToken) =>
        tickets.Read(http.Request) is { } link
        && await door.ProveAsync(link, cancellationToken) is { } proved
        && await acceptance.AcceptAsync(proved, memberId, actor, cancellationToken) is JoinOutcome.Joined;
}
