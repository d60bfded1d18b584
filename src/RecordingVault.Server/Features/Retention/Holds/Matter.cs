using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>What recordings are held for: a dispute, an inquiry, an audit. Closing it lifts its holds.</summary>
internal sealed class Matter : ITenantOwned
{
    public const string NameColumn = "matters.name";
    public const string NoteColumn = "matters.note";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Under the tenant data key.</summary>
    public required SealedText Name { get; set; }

    /// <summary>Under the tenant data key.</summary>
    public SealedText? Note { get; set; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required Guid OpenedBy { get; init; }
    public DateTimeOffset? ClosedAt { get; set; }
    public Guid? ClosedBy { get; set; }

    /// <summary>Counts changes; the concurrency token.</summary>
    public int Version { get; set; }
}

/// <summary>While it stands no byte and no key of the recording goes, by whatever hand. It stays as a row after it was lifted, as long as the recording is there.</summary>
internal sealed class LegalHold : ITenantOwned
{
    public const string ReasonColumn = "legal_holds.reason";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MatterId { get; init; }
    public required Guid RecordingId { get; init; }
    public required DateTimeOffset SetAt { get; init; }
    public required Guid SetBy { get; init; }

    /// <summary>Under the recording's key.</summary>
    public SealedText? Reason { get; init; }
    public DateTimeOffset? LiftedAt { get; set; }
    public Guid? LiftedBy { get; set; }
}

/// <summary>By which the database itself refuses to let a wrapped key go while a hold stands on what it opens (security.md 12).</summary>
internal sealed class HoldPin : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid HoldId { get; init; }
    public required Guid WrapId { get; init; }
}

internal sealed class MatterTable : IEntityTypeConfiguration<Matter>
{
    public void Configure(EntityTypeBuilder<Matter> builder)
    {
        builder.ToTable("Matters");
        builder.HasKey(matter => new { matter.TenantId, matter.Id });
        builder.HasIndex(matter => new { matter.TenantId, matter.ClosedAt, matter.Id });
        builder.Property(matter => matter.Version).IsConcurrencyToken();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(matter => matter.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class LegalHoldTable : IEntityTypeConfiguration<LegalHold>
{
    public void Configure(EntityTypeBuilder<LegalHold> builder)
    {
        builder.ToTable("LegalHolds");
        builder.HasKey(hold => new { hold.TenantId, hold.Id });
        builder.HasIndex(hold => new { hold.TenantId, hold.RecordingId, hold.LiftedAt });
        // One matter holds a recording once at a time.
        builder.HasIndex(hold => new { hold.TenantId, hold.MatterId, hold.RecordingId }).IsUnique().HasFilter("lifted_at IS NULL");
        builder.HasIndex(hold => new { hold.TenantId, hold.MatterId, hold.SetAt, hold.Id });
        builder.HasOne<Matter>().WithMany().HasForeignKey(hold => new { hold.TenantId, hold.MatterId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Recording>().WithMany().HasForeignKey(hold => new { hold.TenantId, hold.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class HoldPinTable : IEntityTypeConfiguration<HoldPin>
{
    public void Configure(EntityTypeBuilder<HoldPin> builder)
    {
        builder.ToTable("HoldPins");
        builder.HasKey(pin => new { pin.TenantId, pin.HoldId, pin.WrapId });
        builder.HasIndex(pin => new { pin.TenantId, pin.WrapId });
        builder.HasOne<LegalHold>().WithMany().HasForeignKey(pin => new { pin.TenantId, pin.HoldId }).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<KeyWrap>().WithMany().HasForeignKey(pin => new { pin.TenantId, pin.WrapId }).OnDelete(DeleteBehavior.Restrict);
    }
}
