using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Gives an account another address: the row, the end of all sessions, the events and both letters in one transaction.</summary>
internal sealed class AddressTaking(VaultDbContext db, AccountChange account, LookupDigest lookup, IServiceProvider services)
{
    private readonly AddressReturns returns = services.GetRequiredService<AddressReturns>();
    private readonly AddressLetters letters = services.GetRequiredService<AddressLetters>();
    private readonly MailedNotices notices = services.GetRequiredService<MailedNotices>();

    /// <summary>The operator's way, where no letter can be written: at once, by his word alone, and told to both addresses where that is possible.</summary>
    public Task<bool> TakeAsync(Member member, string address, Actor actor, CancellationToken cancellationToken) => TakeAsync(null, member, address, actor, cancellationToken);

    /// <param name="change">To which both addresses have agreed; null by the operator's word.</param>
    /// <returns>False where it was stopped, the account changed, or the address got an account, meanwhile.</returns>
    public Task<bool> TakeAsync(AddressChange? change, Member member, string address, Actor actor, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry("member.address-changed", actor, AuditTargetKind.Member, member.Id) { ChangesPermission = true };
        return account.RunAsync(
            member.Id,
            entry,
            async () =>
            {
                var digest = lookup.Of(address);
                if (!await EndOpenAsync(change, member.Id, cancellationToken) || await db.Users.AnyAsync(other => other.NormalizedUserName == digest && other.Id != member.Id, cancellationToken))
                    return false;
                await account.EndSessionsAsync(member.Id, cancellationToken);
                var before = member.Email!;
                var back = await SettleAsync(change, member, cancellationToken);
                member.ChangeAddress(address, digest);
                await letters.LetGoAsync(member, cancellationToken);
                letters.PutGone(member, before, back);
                await notices.TellAsync(member, MemberNotice.AddressChanged, address, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>False where the very change that was agreed to is gone; another one may have taken its place.</summary>
    private async Task<bool> EndOpenAsync(AddressChange? change, Guid memberId, CancellationToken cancellationToken)
    {
        if (change is { Id: var id })
            return await db.AddressChanges.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;
        await db.AddressChanges.Where(row => row.MemberId == memberId).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Two yeses show who reads the mail and not who knows the password or holds a passkey: the account is its reader's when a mailed link has set a new one. By
    /// the operator's word it stays what it was, and no address from before gets a way back: each may be in wrong hands.
    /// </summary>
    private async Task<AccountLink?> SettleAsync(AddressChange? change, Member member, CancellationToken cancellationToken)
    {
        if (change is null)
        {
            await returns.EndAsync(member.Id, cancellationToken);
            return null;
        }

        var back = returns.Keep(member, change.CreatedAt);
        member.DoubtAddress();
        return back;
    }
}
