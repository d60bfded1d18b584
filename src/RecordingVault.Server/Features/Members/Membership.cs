using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Members;

internal sealed class Membership : ITenantOwned, IListed
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required Role Role { get; set; }
    public required DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When a session of his was last opened in this tenant, or he joined it by an invitation: a sign-in opens the tenant that was used last.</summary>
    public DateTimeOffset? LastOpenedAt { get; set; }

    /// <summary>Somebody who had left comes back, into whatever role he is invited to now.</summary>
    public void Rejoin(Role role, DateTimeOffset now) => (Role, CreatedAt, EndedAt, LastOpenedAt) = (role, now, null, now);
}

internal sealed class MembershipTable : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        builder.HasKey(membership => new { membership.TenantId, membership.Id });
        builder.HasIndex(membership => new { membership.TenantId, membership.MemberId }).IsUnique();
        builder.HasIndex(membership => membership.MemberId);
        builder.Property(membership => membership.Role).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Member>().WithMany().HasForeignKey(membership => membership.MemberId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(membership => membership.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
