using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Rights;

/// <summary>How a request to be erased ended.</summary>
internal enum ErasureOutcome
{
    /// <summary>The person is named in no recording any more, and his entry is deleted.</summary>
    Erased,

    /// <summary>Something is kept, and the word says what and why.</summary>
    Partly,

    /// <summary>Nothing was erased, and the word says why.</summary>
    Refused,

    /// <summary>The person took it back.</summary>
    Withdrawn,
}

/// <summary>
/// Somebody asked that what is held about him be erased: a task with a day by which it is answered. It outlives the contact, to show that it was answered, so it holds no name and its words are under
/// the tenant's data key.
/// </summary>
internal sealed class ErasureRequest : ITenantOwned
{
    public const string NoteColumn = "erasure_requests.note";
    public const string WordColumn = "erasure_requests.word";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Whom it is about. No foreign key: the contact is deleted where it ends well.</summary>
    public required Guid ContactId { get; set; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>By when it is to be answered.</summary>
    public required DateTimeOffset DueAt { get; init; }
    public SealedText? Note { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }

    /// <summary>Null while it is open.</summary>
    public ErasureOutcome? Outcome { get; private set; }
    public SealedText? Word { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public Guid? ClosedBy { get; private set; }

    public void Close(ErasureOutcome outcome, SealedText word, Guid by, DateTimeOffset now) => (Outcome, Word, ClosedBy, ClosedAt) = (outcome, word, by, now);
}

internal sealed class ErasureRequestTable : IEntityTypeConfiguration<ErasureRequest>
{
    public void Configure(EntityTypeBuilder<ErasureRequest> builder)
    {
        builder.HasKey(request => new { request.TenantId, request.Id });
        builder.HasIndex(request => new { request.TenantId, request.ContactId });
        // Those that are open, the most urgent first.
        builder.HasIndex(request => new { request.TenantId, request.ClosedAt, request.DueAt });
        builder.Property(request => request.Outcome).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(request => request.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
