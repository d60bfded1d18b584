using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Mail;

/// <summary>What a letter is about; the one word of it that stands in clear.</summary>
internal enum MailKind
{
    Notice,
    Reset,
    AddressChange,
    FactorRemoval,
    Invitation,
    Consent,
}

/// <summary>
/// A letter on its way out. Recipient, subject and text are sealed under the vault key (tenant id zero, row id = id) and go with the row, or before it
/// where the letter was given up. A thief of the database learns how many letters of which kind wait, since when, and by ids alone whom they concern.
/// </summary>
internal sealed class OutgoingMail
{
    public const string RecipientColumn = "outgoing_mails.recipient";
    public const string SubjectColumn = "outgoing_mails.subject";
    public const string TextColumn = "outgoing_mails.text";

    public required Guid Id { get; init; }
    public required MailKind Kind { get; init; }

    /// <summary>Null, like the other two, once it was given up.</summary>
    public SealedText? Recipient { get; init; }
    public SealedText? Subject { get; init; }
    public SealedText? Text { get; init; }
    /// <summary>The member, invitation or change of address that it concerns; null once it says nothing about what is sent there now.</summary>
    public Guid? AboutId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is of no use to its reader, and is given up.</summary>
    public required DateTimeOffset EndsAt { get; init; }
    public int Tries { get; init; }

    /// <summary>When it is due; while it is being sent, when another may take it.</summary>
    public required DateTimeOffset NextTryAt { get; init; }

    /// <summary>Why the last try failed: a slug of ours.</summary>
    public string? Failure { get; init; }
    public DateTimeOffset? GivenUpAt { get; init; }
}

internal sealed class OutgoingMailTable : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.HasKey(mail => mail.Id);
        builder.HasIndex(mail => mail.NextTryAt);
        builder.HasIndex(mail => mail.AboutId);
        builder.Property(mail => mail.Kind).HasConversion<string>().HasMaxLength(32);
        builder.Property(mail => mail.Failure).HasMaxLength(32);
    }
}
