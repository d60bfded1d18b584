using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Tasks;

/// <summary>How somebody's no was dealt with.</summary>
internal enum ConsentOutcome
{
    AskedAgain,

    /// <summary>A copy without him is what is used from now on.</summary>
    Cut,

    /// <summary>The recording is for fewer people now.</summary>
    Restricted,
    Disposed,

    /// <summary>Nothing had to be done: the word says why.</summary>
    Kept,
}

/// <summary>Somebody said no to being kept, watched or shown: what runs has stopped by itself, and what is left to decide waits for a person until one closes it with a word.</summary>
internal sealed class ConsentTask : ITenantOwned
{
    public const string WordColumn = "consent_tasks.word";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid ParticipantId { get; init; }
    public required Purpose Purpose { get; init; }

    /// <summary>The record that it came from.</summary>
    public required Guid RecordId { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public ConsentOutcome? Outcome { get; private set; }

    /// <summary>Under the recording's key.</summary>
    public SealedText? Word { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>The member; null where the person agreed after all, which closes it too.</summary>
    public Guid? ClosedBy { get; private set; }

    public void Close(ConsentOutcome outcome, SealedText? word, Guid? by, DateTimeOffset now) => (Outcome, Word, ClosedBy, ClosedAt) = (outcome, word, by, now);
}

internal sealed class ConsentTaskTable : IEntityTypeConfiguration<ConsentTask>
{
    public void Configure(EntityTypeBuilder<ConsentTask> builder)
    {
        builder.ToTable("ConsentTasks");
        builder.HasKey(task => new { task.TenantId, task.Id });
        builder.HasIndex(task => new { task.TenantId, task.RecordingId, task.OpenedAt });
        builder.HasIndex(task => new { task.TenantId, task.ClosedAt, task.RecordingId });
        builder.Property(task => task.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.Property(task => task.Outcome).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(task => new { task.TenantId, task.RecordingId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ConsentRecord>().WithMany().HasForeignKey(task => new { task.TenantId, task.RecordId }).OnDelete(DeleteBehavior.Restrict);
    }
}
