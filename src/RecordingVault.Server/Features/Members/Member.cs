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
}

internal sealed class MemberTable : IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Member> builder) => builder.ToTable("Members");
}
