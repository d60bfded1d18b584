using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>A link that was proved, and whose password it may set.</summary>
internal sealed record ProvedReset(PasswordReset Row, Member Member);

/// <summary>Proves links for a new password.</summary>
internal sealed class ResetDoor(VaultDbContext db, MemberReach reach, TimeProvider time)
{
    /// <summary>Null for whatever opens nothing (any more): the same for all reasons.</summary>
    public async Task<ProvedReset?> ProveAsync(string text, CancellationToken cancellationToken)
    {
        if (AccountLink.Parse(text) is not { } link)
            return null;
        var row = await db.PasswordResets.AsNoTracking().SingleOrDefaultAsync(reset => reset.Id == link.Id, cancellationToken);
        if (!link.Fits(AccountLink.ResetLabel, row?.SecretHash) || row is null)
            return null;
        var member = await db.Users.SingleAsync(user => user.Id == row.MemberId, cancellationToken);
        // Whoever made it for him may have lost the right since, or he may have come to reach further.
        return row.IsLive(member.SecurityStamp, time.Now()) && (row.MadeById is not { } maker || await reach.CoversAsync(maker, member.Id, cancellationToken))
            ? new ProvedReset(row, member)
            : null;
    }
}

/// <summary>
/// Sets a new password by a link. The second factor stays, and afterwards he signs in with password and code; only what was set up before anybody had shown
/// whose the address is goes with the first link that shows it (docs/decisions/0126).
/// </summary>
internal sealed class PasswordResetting(VaultDbContext db, AccountChange account, AddressProof proof, IWaysBack waysBack, PasswordHashing hashing, IMemberNotices notices)
{
    /// <summary>New hash, end of all sessions, the events and the letter in one transaction. False when the link was used, or the account changed, meanwhile.</summary>
    public Task<bool> SetAsync(ProvedReset proved, string password, Actor stranger, CancellationToken cancellationToken)
    {
        var (row, member) = proved;
        var hash = hashing.HashPassword(member, password);
        var entry = new AuditEntry("password.reset", stranger, AuditTargetKind.Member, member.Id) { ChangesPermission = true };
        return account.RunAsync(
            member.Id,
            entry,
            async () =>
            {
                if (await db.PasswordResets.Where(reset => reset.Id == row.Id).ExecuteDeleteAsync(cancellationToken) != 1)
                    return false;
                await account.EndSessionsAsync(member.Id, cancellationToken);
                member.ChangePassword(hash);
                // The operator has said whose the account is; an address that it had before takes it back no more.
                if (row is { MadeById: null, IsMailed: false })
                    await waysBack.EndAsync(member.Id, cancellationToken);
                // Whoever made the link for him has seen it, and could have set this password himself.
                if (row.MadeById is not null)
                    member.DoubtAddress();
                else if (await proof.TakeAsync(member, stranger, cancellationToken))
                    await notices.TellAsync(member.Id, MemberNotice.AddressProved, cancellationToken);
                await notices.TellAsync(member.Id, MemberNotice.PasswordReset, cancellationToken);
                return true;
            },
            cancellationToken);
    }
}
