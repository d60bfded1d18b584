using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Keeps the way back to an address that was changed, and proves links to it.</summary>
internal sealed class AddressReturns(VaultDbContext db, VaultKeyring keyring, TimeProvider time) : IWaysBack
{
    /// <summary>In the running transaction of the change, before the account has the new address.</summary>
    public AccountLink Keep(Member member, DateTimeOffset askedAt)
    {
        var (link, now) = (AccountLink.New(), time.Now());
        db.AddressReturns.Add(new AddressReturn
        {
            Id = link.Id,
            MemberId = member.Id,
            Address = SealedText.Seal(keyring.Vault, Guid.Empty, link.Id, AddressReturn.AddressColumn, member.Email!),
            SecretHash = link.Hash(AccountLink.ReturnLabel),
            WasProved = member.IsAddressProved,
            AskedAt = askedAt,
            CreatedAt = now,
            EndsAt = now + AddressReturn.Life,
        });
        return link;
    }

    public Task EndAsync(Guid memberId, CancellationToken cancellationToken) => db.AddressReturns.Where(row => row.MemberId == memberId).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Null for whatever puts nothing back (any more): the same for all reasons.</summary>
    public async Task<ProvedReturn?> ProveAsync(string text, CancellationToken cancellationToken)
    {
        if (AccountLink.Parse(text) is not { } link)
            return null;
        var row = await db.AddressReturns.AsNoTracking().SingleOrDefaultAsync(kept => kept.Id == link.Id, cancellationToken);
        if (!link.Fits(AccountLink.ReturnLabel, row?.SecretHash) || row is null || time.Now() >= row.EndsAt)
            return null;
        var member = await db.Users.SingleAsync(user => user.Id == row.MemberId, cancellationToken);
        return new ProvedReturn(row, member, row.Address.Open(keyring.Vault, Guid.Empty, row.Id, AddressReturn.AddressColumn));
    }
}

/// <summary>A link that was proved, and the address that it puts back.</summary>
internal sealed record ProvedReturn(AddressReturn Row, Member Member, string Address);

/// <summary>
/// Undoes a change of address: the old one, a new password, and the end of sessions, tokens and of whatever else is under way, in one transaction. Second
/// factors from before the change was asked for stay, where the account was its reader's then.
/// </summary>
internal sealed class AddressReturning(VaultDbContext db, AccountChange account, AccountTokens tokens, LookupDigest lookup, IServiceProvider services)
{
    private readonly PasswordHashing hashing = services.GetRequiredService<PasswordHashing>();
    private readonly AddressProof proof = services.GetRequiredService<AddressProof>();
    private readonly MailedNotices notices = services.GetRequiredService<MailedNotices>();

    /// <returns>False where the link was used, the account changed, or the address got another account, meanwhile.</returns>
    public Task<bool> ReturnAsync(ProvedReturn proved, string password, Actor stranger, CancellationToken cancellationToken)
    {
        var member = proved.Member;
        var hash = hashing.HashPassword(member, password);
        return account.RunAsync(
            member.Id,
            new AuditEntry("member.address-returned", stranger, AuditTargetKind.Member, member.Id) { ChangesPermission = true },
            async () =>
            {
                var digest = lookup.Of(proved.Address);
                if (await db.AddressReturns.Where(row => row.Id == proved.Row.Id).ExecuteDeleteAsync(cancellationToken) != 1
                    || await db.Users.AnyAsync(other => other.NormalizedUserName == digest && other.Id != member.Id, cancellationToken))
                {
                    return false;
                }

                // What came after was begun by whoever changed it. An older address keeps its claim: who changed it twice reads the one between.
                await db.AddressReturns.Where(row => row.MemberId == member.Id && row.CreatedAt >= proved.Row.CreatedAt).ExecuteDeleteAsync(cancellationToken);
                await db.AddressChanges.Where(row => row.MemberId == member.Id).ExecuteDeleteAsync(cancellationToken);
                await account.EndSessionsAsync(member.Id, cancellationToken);
                await tokens.EndAsync(member.Id, stranger, cancellationToken);
                var before = member.Email!;
                member.ChangeAddress(proved.Address, digest);
                await services.GetRequiredService<AddressLetters>().LetGoAsync(member, cancellationToken);
                member.ChangePassword(hash);
                await SettleFactorsAsync(proved, stranger, cancellationToken);
                foreach (var reader in new[] { before, proved.Address })
                    await notices.TellAsync(member, MemberNotice.AddressReturned, reader, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>An account that was his when he lost it is as it was then. In one that was not shown to be, this link is the first to show it, and nothing stays.</summary>
    private async Task SettleFactorsAsync(ProvedReturn proved, Actor stranger, CancellationToken cancellationToken)
    {
        var member = proved.Member;
        if (proved.Row.WasProved)
        {
            foreach (var factor in services.GetServices<ISecondFactor>())
                await factor.RemoveSinceAsync(member.Id, proved.Row.AskedAt, cancellationToken);
            member.ProveAddress();
            return;
        }

        member.DoubtAddress();
        await proof.TakeAsync(member, stranger, cancellationToken);
        await notices.TellAsync(member, MemberNotice.AddressProved, proved.Address, cancellationToken);
    }
}
