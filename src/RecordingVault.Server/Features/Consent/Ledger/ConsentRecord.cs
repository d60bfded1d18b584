using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>What one person said of one use of one recording. It is never changed and never deleted, which the database itself refuses; it goes when its recording is destroyed.</summary>
internal sealed class ConsentRecord : ITenantOwned
{
    public const string NoteColumn = "consent_records.note";
    public const string RecordingDigestColumn = "consent_records.recording_digest";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid ParticipantId { get; init; }

    /// <summary>Counts the records of its recording from 1, under the tenant's lock: which one is later hangs on no clock.</summary>
    public required int Number { get; init; }
    public required Purpose Purpose { get; init; }
    public required ConsentStatus Status { get; init; }
    public required ConsentMethod Method { get; init; }

    /// <summary>Only of what is not needed, and always there.</summary>
    public LawfulBasis? LawfulBasis { get; init; }

    /// <summary>When the person said it.</summary>
    public required DateTimeOffset SaidAt { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    public required AuditActorKind RecordedByKind { get; init; }
    public Guid? RecordedById { get; init; }

    /// <summary>Seconds from the recording's begin; only of what was spoken in it.</summary>
    public double? AtSeconds { get; init; }

    /// <summary>Where what was spoken ends, in seconds from the recording's begin; null where nobody said it.</summary>
    public double? UntilSeconds { get; init; }

    /// <summary>Which version of the asking text the person was shown; null where none is known.</summary>
    public string? TextVersion { get; init; }

    /// <summary>In which language, as BCP 47 has it.</summary>
    public string? Language { get; init; }

    /// <summary>SHA-256 of the original's content as hex, under the recording's key; null where it was not computed yet.</summary>
    public SealedText? RecordingDigest { get; init; }

    /// <summary>Under the recording's key.</summary>
    public SealedText? Note { get; init; }

    /// <summary>The record of the same person and purpose that counted until this one.</summary>
    public Guid? Replaces { get; init; }
}

/// <summary>The record that counts for one person and one purpose: written in the transaction of that record, and read by whoever asks what may be done.</summary>
internal sealed class ConsentState : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid ParticipantId { get; init; }
    public required Purpose Purpose { get; init; }
    public required ConsentStatus Status { get; set; }
    public required Guid RecordId { get; set; }
    public required DateTimeOffset SaidAt { get; set; }
}

internal sealed class ConsentRecordTable : IEntityTypeConfiguration<ConsentRecord>
{
    public void Configure(EntityTypeBuilder<ConsentRecord> builder)
    {
        builder.ToTable("ConsentRecords");
        builder.HasKey(record => new { record.TenantId, record.Id });
        builder.HasIndex(record => new { record.TenantId, record.RecordingId, record.Number }).IsUnique();
        builder.HasIndex(record => new { record.TenantId, record.ParticipantId, record.Number });
        builder.Property(record => record.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.Property(record => record.Status).HasConversion<string>().HasMaxLength(16);
        builder.Property(record => record.Method).HasConversion<string>().HasMaxLength(16);
        builder.Property(record => record.LawfulBasis).HasConversion<string>().HasMaxLength(32);
        builder.Property(record => record.RecordedByKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(record => record.TextVersion).HasMaxLength(NewConsent.LongestVersion);
        builder.Property(record => record.Language).HasMaxLength(NewConsent.LongestLanguage);
        builder.HasOne<Recording>().WithMany().HasForeignKey(record => new { record.TenantId, record.RecordingId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Participant>().WithMany().HasForeignKey(record => new { record.TenantId, record.ParticipantId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ConsentStateTable : IEntityTypeConfiguration<ConsentState>
{
    public void Configure(EntityTypeBuilder<ConsentState> builder)
    {
        builder.ToTable("ConsentStates");
        // The gate asks by recording: its question is one walk over the beginning of this key.
        builder.HasKey(state => new { state.TenantId, state.RecordingId, state.ParticipantId, state.Purpose });
        builder.Property(state => state.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.Property(state => state.Status).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Participant>().WithMany().HasForeignKey(state => new { state.TenantId, state.ParticipantId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ConsentRecord>().WithMany().HasForeignKey(state => new { state.TenantId, state.RecordId }).OnDelete(DeleteBehavior.Restrict);
    }
}
