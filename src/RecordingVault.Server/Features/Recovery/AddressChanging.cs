using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Begins a change of address, and stops it.</summary>
internal sealed class AddressChanging(VaultDbContext db, AccountChange account, AddressLetters letters, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>
    /// Two letters go out, whether the new address has an account here or not: that is looked at when both have answered, and so nobody learns it who can't
    /// read mail at both.
    /// </summary>
    public Task<bool> BeginAsync(Member member, string address, Actor actor, CancellationToken cancellationToken)
    {
        var forNew = AccountLink.New();
        var forOld = forNew.Another();
        var entry = new AuditEntry("member.address-change-asked", actor, AuditTargetKind.Member, member.Id);
        return account.RunAsync(
            member.Id,
            entry,
            async () =>
            {
                var now = time.Now();
                await db.AddressChanges.Where(older => older.MemberId == member.Id || older.EndsAt < now).ExecuteDeleteAsync(cancellationToken);
                db.AddressChanges.Add(new AddressChange
                {
                    Id = forNew.Id,
                    MemberId = member.Id,
                    NewAddress = SealedText.Seal(keyring.Vault, Guid.Empty, forNew.Id, AddressChange.AddressColumn, address),
                    NewSecretHash = forNew.Hash(AccountLink.NewAddressLabel),
                    OldSecretHash = forOld.Hash(AccountLink.OldAddressLabel),
                    Stamp = member.SecurityStamp!,
                    CreatedAt = now,
                    EndsAt = now + AddressChange.Life,
                });
                return letters.Put(member, address, forNew, forOld);
            },
            cancellationToken);
    }

    /// <summary>The change that is open for this member, if any.</summary>
    public async Task<AddressChange?> FindOpenAsync(Member member, CancellationToken cancellationToken) =>
        await db.AddressChanges.AsNoTracking().SingleOrDefaultAsync(change => change.MemberId == member.Id, cancellationToken) is { } change
        && change.IsLive(member.SecurityStamp, time.Now()) ? change : null;

    public Task<bool> StopAsync(AddressChange change, Actor actor, CancellationToken cancellationToken) =>
        account.RunAsync(
            change.MemberId,
            new AuditEntry("member.address-change-stopped", actor, AuditTargetKind.Member, change.MemberId),
            async () => await db.AddressChanges.Where(row => row.Id == change.Id).ExecuteDeleteAsync(cancellationToken) == 1,
            cancellationToken);

    public string AddressOf(AddressChange change) => change.NewAddress.Open(keyring.Vault, Guid.Empty, change.Id, AddressChange.AddressColumn);
}
