using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// Who made an account need not be who reads the mail of its address: where others saw the link it was made by, one of them may have used it, and left
/// a way back in. When it is shown for the first time whose the address is, every such way ends (docs/decisions/0126).
/// </summary>
internal sealed class AddressProof(VaultDbContext db, IEnumerable<ISecondFactor> factors, AccountTokens tokens, MemberTenants tenants, TenantsTogether together)
{
    /// <summary>
    /// In the running transaction of a change to the account, behind the logs' locks: takes off second factors and tokens, and by a new stamp ends what
    /// sessions and links there are. The caller sets a password that nobody else knows, and tells the member.
    /// </summary>
    /// <returns>False, and nothing happened, where it was shown before.</returns>
    public async Task<bool> TakeAsync(Member member, Actor actor, CancellationToken cancellationToken)
    {
        if (member.IsAddressProved)
            return false;
        foreach (var factor in factors)
            await factor.RemoveAsync(member.Id, cancellationToken);
        member.ProveAddress();
        member.EndSessions();
        var entry = new AuditEntry("member.address-proved", actor, AuditTargetKind.Member, member.Id) { ChangesPermission = true };
        await together.InEachAsync(
            db,
            await tenants.ListAsync(member.Id, cancellationToken),
            services => services.GetRequiredService<AuditLog>().AppendAsync(entry, cancellationToken),
            cancellationToken);
        await tokens.EndAsync(member.Id, actor, cancellationToken);
        return true;
    }
}
