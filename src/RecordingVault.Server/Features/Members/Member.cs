using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// A person's account in the vault; a membership ties it to a tenant. User name and e-mail are protected by Identity's
/// personal-data protector (sealed under the vault key), their look-ups are keyed digests.
/// </summary>
internal sealed class Member : IdentityUser<Guid>
{
    public const string NameColumn = "members.display_name";
    public const string SeedColumn = "members.totp_seed";

    /// <summary>Sealed under the vault key, tenant id zero, row id = member id.</summary>
    public SealedText DisplayName { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set where the password came from configuration or another person: a page asks for a new one before anything else.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>The language of his mails: "en" or "de".</summary>
    public string Language { get; set; } = "en";

    /// <summary>
    /// Whether whoever uses the account has shown that he reads the mail of its address, or the operator has said so (docs/decisions/0126). Until then somebody else
    /// may have made it, and the account joins no further tenant.
    /// </summary>
    public bool IsAddressProved => EmailConfirmed;

    /// <summary>What his authenticator makes its codes from, in base64; sealed like the name. Null where he has none.</summary>
    public SealedText? TotpSeed { get; private set; }

    /// <summary>The time step of the last code that was taken; a code of it or of an earlier one is taken no more.</summary>
    public long? LastTotpStep { get; private set; }

    public void ChangePassword(string hash)
    {
        PasswordHash = hash;
        MustChangePassword = false;
        EndSessions();
    }

    /// <summary>When the authenticator was set up. Null where he has none, or it is older than this note.</summary>
    public DateTimeOffset? TotpSince { get; private set; }

    /// <param name="step">Of the code by which he showed that the authenticator has the seed.</param>
    public void TakeAuthenticator(SealedText seed, long step, DateTimeOffset now)
    {
        (TotpSeed, LastTotpStep, TotpSince) = (seed, step, now);
        EndSessions();
    }

    public void DropAuthenticator()
    {
        (TotpSeed, LastTotpStep, TotpSince) = (null, null, null);
        EndSessions();
    }

    /// <param name="digest">The keyed digest by which it is found.</param>
    public void ChangeAddress(string address, string digest)
    {
        (UserName, Email, NormalizedUserName, NormalizedEmail) = (address, address, digest, digest);
        EndSessions();
    }

    public void ProveAddress() => EmailConfirmed = true;

    /// <summary>Somebody else held the account in his hand: what is in it now is his reader's only when the address is shown anew.</summary>
    public void DoubtAddress() => EmailConfirmed = false;

    /// <summary>Every session carries the stamp under which it began, and is over with another one; so is a sign-in that is on its way, and every link about the account.</summary>
    public void EndSessions()
    {
        SecurityStamp = Guid.NewGuid().ToString();
        ConcurrencyStamp = Guid.NewGuid().ToString();
    }
}

internal sealed class MemberTable : IEntityTypeConfiguration<Member>
{
    // Identity's 256 characters are for addresses in clear; sealed and in base64 they are longer.
    private const int SealedAddress = 1_024;

    public void Configure(EntityTypeBuilder<Member> builder)
    {
        builder.ToTable("Members");
        builder.Property(member => member.UserName).HasMaxLength(SealedAddress);
        builder.Property(member => member.Email).HasMaxLength(SealedAddress);
        builder.Property(member => member.Language).HasMaxLength(8).HasDefaultValue("en");
    }
}
