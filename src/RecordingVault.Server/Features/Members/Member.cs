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

    /// <summary>Sealed under the vault key, tenant id zero, row id = member id.</summary>
    public SealedText DisplayName { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set where the password came from configuration or another person: a page asks for a new one before anything else.</summary>
    public bool MustChangePassword { get; set; }

    public void ChangePassword(string hash)
    {
        PasswordHash = hash;
        MustChangePassword = false;
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
    }
}
