using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>The spans that somebody has marked in a recording. They change nothing of it: a copy is made by them when somebody asks for one.</summary>
internal sealed class EditPlan : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>The recording's own id: it has one plan at most.</summary>
    public required Guid Id { get; init; }

    /// <summary>As <c>EditSpans</c> writes them: times, and nobody's words.</summary>
    public required string Spans { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
    public required Guid ChangedBy { get; set; }
}

internal sealed class EditPlanTable : IEntityTypeConfiguration<EditPlan>
{
    public void Configure(EntityTypeBuilder<EditPlan> builder)
    {
        builder.HasKey(plan => new { plan.TenantId, plan.Id });
        builder.Property(plan => plan.Spans).HasMaxLength(RecordingCut.LongestSpans);
        builder.HasOne<Recording>().WithOne().HasForeignKey<EditPlan>(plan => new { plan.TenantId, plan.Id }).OnDelete(DeleteBehavior.Restrict);
    }
}
