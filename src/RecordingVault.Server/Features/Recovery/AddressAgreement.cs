using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>A change whose link was proved, and at which of the two addresses.</summary>
internal sealed record ProvedAddress(AddressChange Row, Member Member, bool IsNew);

/// <summary>The answers to the two letters. The second yes makes the change.</summary>
internal sealed class AddressAgreement(VaultDbContext db, AddressChanging changing, AddressTaking taking, TimeProvider time)
{
    /// <summary>Null for whatever opens nothing (any more): the same for all reasons.</summary>
    public async Task<ProvedAddress?> ProveAsync(string text, CancellationToken cancellationToken)
    {
        if (AccountLink.Parse(text) is not { } link)
            return null;
        var row = await db.AddressChanges.AsNoTracking().SingleOrDefaultAsync(change => change.Id == link.Id, cancellationToken);
        var (isNew, isOld) = (link.Fits(AccountLink.NewAddressLabel, row?.NewSecretHash), link.Fits(AccountLink.OldAddressLabel, row?.OldSecretHash));
        if (row is null || !(isNew || isOld))
            return null;
        var member = await db.Users.SingleAsync(user => user.Id == row.MemberId, cancellationToken);
        return row.IsLive(member.SecurityStamp, time.Now()) ? new ProvedAddress(row, member, isNew) : null;
    }

    /// <summary>Notes the yes, and changes the address where it was the second. Saying it twice is the same as once.</summary>
    public async Task<AddressState> AgreeAsync(ProvedAddress proved, Actor stranger, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var row = db.AddressChanges.Where(change => change.Id == proved.Row.Id);
        await (proved.IsNew
            ? row.Where(change => change.NewAgreedAt == null).ExecuteUpdateAsync(set => set.SetProperty(change => change.NewAgreedAt, now), cancellationToken)
            : row.Where(change => change.OldAgreedAt == null).ExecuteUpdateAsync(set => set.SetProperty(change => change.OldAgreedAt, now), cancellationToken));

        // Each yes is written before anybody looks whether there are two: of two at once at least one sees both.
        if (await row.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } change)
            return AddressState.Ended;
        if (change is not { NewAgreedAt: not null, OldAgreedAt: not null })
            return AddressState.WaitsForOther;
        return await taking.TakeAsync(change, proved.Member, changing.AddressOf(change), stranger, cancellationToken) ? AddressState.Changed : AddressState.Ended;
    }
}
