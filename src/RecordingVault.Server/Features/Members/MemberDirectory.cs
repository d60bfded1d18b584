using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;

namespace RecordingVault.Server.Features.Members;

/// <summary>What a sign-in is checked against. Nothing sealed is opened for it, so finding an account costs the same as not finding it.</summary>
internal sealed record Credentials(Guid MemberId, string PasswordHash, string Stamp, bool HasSecondFactor);

/// <summary>Finds members by address, through the keyed digest.</summary>
internal sealed class MemberDirectory(VaultDbContext db, LookupDigest lookup, VaultKeyring keyring)
{
    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => db.Users.AllAsync(_ => false, cancellationToken);

    public Task<Credentials?> FindCredentialsAsync(string email, CancellationToken cancellationToken)
    {
        var digest = lookup.Of(email);
        return db.Users.Where(member => member.NormalizedUserName == digest && member.PasswordHash != null && member.SecurityStamp != null)
            .Select(member => new Credentials(member.Id, member.PasswordHash!, member.SecurityStamp!, member.TotpSeed != null || db.UserPasskeys.Any(passkey => passkey.UserId == member.Id)))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public Task<Member?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var digest = lookup.Of(email);
        return db.Users.SingleOrDefaultAsync(member => member.NormalizedUserName == digest, cancellationToken);
    }

    public Task<Member> GetAsync(Guid memberId, CancellationToken cancellationToken) => db.Users.SingleAsync(member => member.Id == memberId, cancellationToken);

    public string NameOf(Member member) => member.DisplayName.Open(keyring.Vault, Guid.Empty, member.Id, Member.NameColumn);
}
