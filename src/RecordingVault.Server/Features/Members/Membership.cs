using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Members;

internal sealed class Membership : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required Role Role { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
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
