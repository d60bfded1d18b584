using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>
/// A person over recordings, whom somebody put together from participants. It outlives each of them, so it has a key of its own (wrap kind 5); what is said of the person
/// in a recording stays under that recording's key.
/// </summary>
internal sealed class Contact : ITenantOwned, IListed
{
    public const string NameColumn = "contacts.name";
    public const string EmailColumn = "contacts.email";
    public const string NoteColumn = "contacts.note";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required SealedText Name { get; set; }
    public SealedText? Email { get; set; }

    /// <summary>Keyed digest of the normalised address: somebody who asks by mail where he is in is found by it. Null where there is no address.</summary>
    public byte[]? EmailDigest { get; set; }
    public SealedText? Note { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts changes: what is kept of the name in memory is kept under it.</summary>
    public int Version { get; set; }

    public static byte[] DigestOf(TenantDataKey key, string email) => KeyedDigest.Compute(key, EmailColumn, KeyedDigest.NormalizeMail(email));
}

/// <summary>
/// That a participant is this contact. A row of its own and no column of the participant: a foreign key that includes the tenant can't be added to a SQLite table without
/// building it anew (decision 0170).
/// </summary>
internal sealed class ContactPerson : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>Of at most one contact.</summary>
    public required Guid ParticipantId { get; init; }
    public required Guid ContactId { get; init; }
}

internal sealed class ContactTable : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> builder)
    {
        builder.HasKey(contact => new { contact.TenantId, contact.Id });
        builder.HasIndex(contact => new { contact.TenantId, contact.CreatedAt, contact.Id });
        builder.HasIndex(contact => new { contact.TenantId, contact.EmailDigest });
        builder.Property(contact => contact.EmailDigest).HasMaxLength(KeyedDigest.LengthInBytes);
    }
}

internal sealed class ContactPersonTable : IEntityTypeConfiguration<ContactPerson>
{
    public void Configure(EntityTypeBuilder<ContactPerson> builder)
    {
        builder.HasKey(link => new { link.TenantId, link.ParticipantId });
        builder.HasIndex(link => new { link.TenantId, link.ContactId });
        builder.HasOne<Contact>().WithMany().HasForeignKey(link => new { link.TenantId, link.ContactId }).OnDelete(DeleteBehavior.Restrict);
        // Whoever is taken off a recording, or goes with it, is in no contact by that any more.
        builder.HasOne<Participant>().WithMany().HasForeignKey(link => new { link.TenantId, link.ParticipantId }).OnDelete(DeleteBehavior.Cascade);
    }
}
