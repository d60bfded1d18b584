using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Factors;

/// <summary>Makes a member's recovery codes anew; those before are good for nothing any more.</summary>
internal sealed class RecoveryCodeMaking(VaultDbContext db, TimeProvider time)
{
    public const int Count = 10;

    /// <summary>Replaces them in the running transaction; the caller saves and commits. The texts are shown once and kept nowhere.</summary>
    public async Task<IReadOnlyList<string>> ReplaceAsync(Guid memberId, CancellationToken cancellationToken)
    {
        await db.RecoveryCodes.Where(code => code.MemberId == memberId).ExecuteDeleteAsync(cancellationToken);
        var now = time.Now();
        var texts = new List<string>(Count);
        for (var i = 0; i < Count; i++)
        {
            var code = RecoveryCodeText.New();
            db.RecoveryCodes.Add(new RecoveryCode { Id = Guid.CreateVersion7(), MemberId = memberId, Hash = RecoveryCodeText.Hash(memberId, code), CreatedAt = now });
            texts.Add(RecoveryCodeText.Show(code));
        }

        return texts;
    }

    /// <summary>
    /// Codes stand in for a factor: where the authenticator goes and no passkey is left, they go in the same transaction, or a sheet thought dead would count
    /// again beside a later factor.
    /// </summary>
    public async Task DropWithoutPasskeyAsync(Guid memberId, CancellationToken cancellationToken)
    {
        if (!await db.Set<IdentityUserPasskey<Guid>>().AnyAsync(passkey => passkey.UserId == memberId, cancellationToken))
            await db.RecoveryCodes.Where(code => code.MemberId == memberId).ExecuteDeleteAsync(cancellationToken);
    }
}

/// <summary>Takes a recovery code in, once. It belongs to no tenant, so it is done in a scope of the first one of the member; the log of each has the event from the same transaction.</summary>
internal sealed class RecoveryCodeUse(MemberTenants tenants, SystemScope system, TimeProvider time)
{
    /// <summary>False when it is not one of his, or was used before: of many at once, one gets it.</summary>
    public async Task<bool> UseAsync(Guid memberId, byte[] code, Actor actor, CancellationToken cancellationToken)
    {
        if ((await tenants.ListAsync(memberId, cancellationToken)) is not [var tenantId, ..])
            return false;
        var (hash, now) = (RecoveryCodeText.Hash(memberId, code), time.Now());
        var entry = new AuditEntry("recovery-code.used", actor, AuditTargetKind.Member, memberId);
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var open = db.RecoveryCodes.Where(row => row.MemberId == memberId && row.Hash == hash && row.UsedAt == null);
        // A wrong code takes no lock of any log.
        if (!await open.AnyAsync(cancellationToken))
            return false;
        await using var transaction = await scope.ServiceProvider.GetRequiredService<AccountLog>().BeginAsync(memberId, entry, cancellationToken);
        if (await open.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedAt, now), cancellationToken) != 1)
            return false;
        await scope.ServiceProvider.GetRequiredService<IMemberNotices>().TellAsync(memberId, MemberNotice.RecoveryCodeUsed, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
