using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <summary>
/// One version of an organisation's own words for asking, in one language. Records and receipts name versions, so none is ever changed or deleted, which the database itself refuses; the newest of a
/// language is the one that people are shown.
/// </summary>
internal sealed class ConsentText : ITenantOwned
{
    public const string WordsColumn = "consent_texts.words";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Counts the organisation's versions from 1, whatever their language, under the tenant's lock.</summary>
    public required int Number { get; init; }

    /// <summary>As BCP 47 has it.</summary>
    public required string Language { get; init; }

    /// <summary><see cref="OwnWords"/> in JSON, under the tenant's data key; null: from this version on the vault's own words are shown again.</summary>
    public SealedText? Words { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required AuditActorKind MadeByKind { get; init; }
    public Guid? MadeById { get; init; }
}

internal sealed class ConsentTextTable : IEntityTypeConfiguration<ConsentText>
{
    public void Configure(EntityTypeBuilder<ConsentText> builder)
    {
        builder.ToTable("ConsentTexts");
        builder.HasKey(text => new { text.TenantId, text.Id });
        builder.HasIndex(text => new { text.TenantId, text.Number }).IsUnique();
        builder.HasIndex(text => new { text.TenantId, text.Language, text.Number });
        builder.Property(text => text.Language).HasMaxLength(NewConsent.LongestLanguage);
        builder.Property(text => text.MadeByKind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(text => text.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
