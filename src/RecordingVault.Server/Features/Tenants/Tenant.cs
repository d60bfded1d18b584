using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>An organisation: it owns keys, a storage prefix and policies.</summary>
internal sealed class Tenant : ITenantOwned
{
    public const string NameColumn = "tenants.name";

    /// <summary>Every use needs consent until somebody says otherwise (P5).</summary>
    public const string AllUses = "generative-training other-training inference mining search";

    public required Guid TenantId { get; init; }

    /// <summary>Sealed under the tenant data key, row id = tenant id.</summary>
    public required SealedText Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Raised in the transaction of whatever changes a permission; each node reads it once a second (security.md 8).</summary>
    public long Revocations { get; init; }

    /// <summary>Members get nothing here with a sign-in of one factor but the way to a second one.</summary>
    public bool RequiresTwoFactors { get; set; }

    /// <summary>What machines may do with its recordings at the most, whatever their own tags say.</summary>
    public UsageTag UsageTag { get; set; } = UsageTag.NoTdm;

    /// <summary>The uses that nobody may make before everybody recorded has agreed, with blanks between.</summary>
    public string UsesNeedingConsent { get; set; } = AllUses;

    /// <summary>Counts changes of what says how long recordings are kept: a date that was reckoned by an older count is reckoned anew.</summary>
    public int RetentionGeneration { get; set; }

    /// <summary>Since when a second person's approval is taken where consent to a looser tag is missing; null where it is not. What was asked before is not asked any more.</summary>
    public DateTimeOffset? ApprovalSince { get; set; }
}

/// <summary>
/// Which tenant an id belongs to, for ids that strangers bring: links and tokens. The only row about a tenant's thing that
/// is read without the tenant; everything after it runs in the tenant's scope (security.md 5).
/// </summary>
internal sealed class Locator
{
    public required Guid Id { get; init; }
    public required LocatorKind Kind { get; init; }
    public required Guid TenantId { get; init; }
}

internal enum LocatorKind
{
    ApiToken,
    Share,
    Invitation,

    /// <summary>A request for consent, or the receipt of an answer.</summary>
    Consent,

    /// <summary>By which somebody without an account sees in which recordings he is.</summary>
    OwnRecordings,

    /// <summary>By which a calendar program reads what is due.</summary>
    DueFeed,
}

internal sealed class TenantTable : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.HasKey(tenant => tenant.TenantId);
        builder.Property(tenant => tenant.UsageTag).HasDefaultValueSql("'no-tdm'");
        builder.Property(tenant => tenant.UsesNeedingConsent).HasMaxLength(128).HasDefaultValue(Tenant.AllUses);
    }
}

internal sealed class LocatorTable : IEntityTypeConfiguration<Locator>
{
    public void Configure(EntityTypeBuilder<Locator> builder)
    {
        builder.HasKey(locator => locator.Id);
        builder.Property(locator => locator.Kind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(locator => locator.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
