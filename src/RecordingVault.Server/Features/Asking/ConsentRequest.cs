using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Asking;

/// <summary>
/// That one person who was recorded is asked, by a link, what may be done with the recording. The secret stands in the link's fragment and here only as a hash.
/// Asking expires; what he answered does not, and he takes it back by his receipt (security.md 15).
/// </summary>
internal sealed class ConsentRequest : ITenantOwned, IListed
{
    public const string NoteColumn = "consent_requests.note";
    private const string SecretLabel = "recordingvault.v1.consent-request";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands on a public page.</summary>
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; set; }
    public required Guid ParticipantId { get; set; }
    public required byte[] SecretHash { get; init; }

    /// <summary>Of the link in the letter that reminded him: the first one goes on opening. Null where none was sent.</summary>
    public byte[]? ReminderHash { get; set; }

    /// <summary>The link went to his address by letter and was shown to nobody else: who comes by it reads that mail.</summary>
    public bool IsMailed { get; set; }

    /// <summary>The names of the purposes that are asked about, with blanks between.</summary>
    public required string Purposes { get; init; }

    /// <summary>Whether he may watch the recording before and after he answers.</summary>
    public required bool MayWatch { get; init; }

    /// <summary>What the asker writes to him, sealed under the recording's key.</summary>
    public SealedText? Note { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When he answered last; null before.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>When he was written to again, because no answer had come.</summary>
    public DateTimeOffset? RemindedAt { get; set; }

    public IReadOnlyList<Purpose> Asked => [.. Purposes.Split(' ').Select(UsageTags.Purposes.Parse)];

    public static byte[] HashSecret(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash(SecretLabel, id, secret);

    public RequestState StateAt(DateTimeOffset now) =>
        AnsweredAt is not null ? RequestState.Answered
        : StoppedAt is not null ? RequestState.Stopped
        : now >= ExpiresAt ? RequestState.Expired
        : RequestState.Open;

    /// <summary>Whether an answer is still taken that says yes to anything.</summary>
    public bool TakesAnswers(DateTimeOffset now) => StoppedAt is null && now < ExpiresAt;
}

internal enum RequestState
{
    Open,
    Answered,
    Expired,
    Stopped,
}

/// <summary>
/// What somebody answered at one time, for himself and for the organisation. Its link opens it again and takes back what it gave, for as long as the recording is there.
/// </summary>
internal sealed class ConsentReceipt : ITenantOwned
{
    public const string DocumentColumn = "consent_receipts.document";
    private const string SecretLabel = "recordingvault.v1.consent-receipt";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands in a link.</summary>
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; set; }
    public required Guid ParticipantId { get; set; }

    /// <summary>The request that it answers.</summary>
    public required Guid RequestId { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>The signed document, sealed under the recording's key.</summary>
    public required SealedText Document { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public static byte[] HashSecret(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash(SecretLabel, id, secret);
}

internal sealed class ConsentRequestTable : IEntityTypeConfiguration<ConsentRequest>
{
    public void Configure(EntityTypeBuilder<ConsentRequest> builder)
    {
        builder.HasKey(request => new { request.TenantId, request.Id });
        builder.HasIndex(request => new { request.TenantId, request.RecordingId, request.CreatedAt });
        builder.Property(request => request.SecretHash).HasMaxLength(32);
        builder.Property(request => request.ReminderHash).HasMaxLength(32);
        builder.Property(request => request.Purposes).HasMaxLength(128);
        builder.HasOne<Recording>().WithMany().HasForeignKey(request => new { request.TenantId, request.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ConsentReceiptTable : IEntityTypeConfiguration<ConsentReceipt>
{
    public void Configure(EntityTypeBuilder<ConsentReceipt> builder)
    {
        builder.HasKey(receipt => new { receipt.TenantId, receipt.Id });
        builder.HasIndex(receipt => new { receipt.TenantId, receipt.RecordingId, receipt.CreatedAt });
        builder.Property(receipt => receipt.SecretHash).HasMaxLength(32);
        builder.HasOne<Recording>().WithMany().HasForeignKey(receipt => new { receipt.TenantId, receipt.RecordingId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ConsentRequest>().WithMany().HasForeignKey(receipt => new { receipt.TenantId, receipt.RequestId }).OnDelete(DeleteBehavior.Restrict);
    }
}
