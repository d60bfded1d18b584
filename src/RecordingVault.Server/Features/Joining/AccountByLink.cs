using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Joins with name and password alone: by a new account, or by one that somebody else may have made, of which only the address is known to be his.</summary>
internal sealed class AccountByLink(InvitationAcceptance acceptance, AccountChange changes, AddressProof proof, MemberDirectory directory, IServiceProvider services)
{
    private readonly PasswordHashing hashing = services.GetRequiredService<PasswordHashing>();
    private readonly IMemberNotices notices = services.GetRequiredService<IMemberNotices>();
    private readonly VaultKeyring keyring = services.GetRequiredService<VaultKeyring>();

    /// <summary>The member who has joined; null where the invitation or the account is not as it was.</summary>
    public async Task<Guid?> JoinAsync(ProvedInvitation proved, NewMember account, Actor stranger, CancellationToken cancellationToken)
    {
        var memberId = proved.AccountId ?? account.Id;
        var actor = stranger with { Kind = AuditActorKind.Member, Id = memberId, Name = account.Name };
        if (proved.AccountId is not null && !await TakeAsync(memberId, account, stranger, cancellationToken))
            return null;
        var outcome = proved.AccountId is null
            ? await acceptance.AcceptAsync(proved, account, actor, cancellationToken)
            : await acceptance.AcceptAsync(proved, memberId, actor, cancellationToken);
        return outcome is JoinOutcome.Joined ? memberId : null;
    }

    /// <summary>
    /// His own name and password, and the end of what was set up before, in one transaction. It stands also where joining fails afterwards: the account is then
    /// his, and he signs in with the password that he chose.
    /// </summary>
    private async Task<bool> TakeAsync(Guid memberId, NewMember wanted, Actor stranger, CancellationToken cancellationToken)
    {
        var member = await directory.GetAsync(memberId, cancellationToken);
        var hash = hashing.HashPassword(member, wanted.Password);
        return await changes.RunAsync(
            memberId,
            new AuditEntry("password.reset", stranger, AuditTargetKind.Member, memberId) { ChangesPermission = true },
            async () =>
            {
                member.DisplayName = SealedText.Seal(keyring.Vault, Guid.Empty, memberId, Member.NameColumn, wanted.Name.Trim());
                member.Language = wanted.Language;
                member.ChangePassword(hash);
                await changes.EndSessionsAsync(memberId, cancellationToken);
                if (!await proof.TakeAsync(member, stranger, cancellationToken))
                    return false;
                await notices.TellAsync(memberId, MemberNotice.AddressProved, cancellationToken);
                return true;
            },
            cancellationToken);
    }
}
