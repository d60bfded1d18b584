using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>The spans that somebody has marked in a recording. They change nothing of it: a copy is made by them when somebody asks for one.</summary>
internal sealed class EditPlan : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>The recording's own id: it has one plan at most.</summary>
    public required Guid Id { get; init; }

    /// <summary>The film or sound whose time is meant. Where another one plays by now, nothing is marked.</summary>
    public required Guid AssetId { get; set; }

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

internal static class EditPlans
{
    /// <summary>What is marked in a recording; nothing where another film or sound plays than the one whose time was meant.</summary>
    public static IQueryable<EditPlan> MarkedIn(this VaultDbContext db, Guid recordingId) => db.EditPlans.Where(plan => plan.Id == recordingId && plan.Spans != ""
        && db.RecordingAssets.Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefault() == plan.AssetId);
}
