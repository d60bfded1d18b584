using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <summary>Whose word a purpose needs; each asks more than the one before.</summary>
internal enum ConsentNeed
{
    Nobody,

    /// <summary>Nobody who was recorded has said no.</summary>
    NoObjection,

    /// <summary>Everybody who was recorded has said yes.</summary>
    Everybody,
}

/// <summary>What follows where somebody has not said yes, and nobody no; each is stricter than the one before. An objection always refuses.</summary>
internal enum WhenMissing
{
    Warn,

    /// <summary>Refused until an Owner or an Admin has said why it may be, for this recording and purpose.</summary>
    AllowWithReason,
    Refuse,
}

/// <summary>What the policy asks for one purpose.</summary>
internal sealed record PurposeRule(ConsentNeed Needs, WhenMissing WhenMissing)
{
    /// <summary>What counts where the organisation has said nothing.</summary>
    public static readonly PurposeRule Default = new(ConsentNeed.NoObjection, WhenMissing.Refuse);

    /// <summary>Both at once: the stricter of each.</summary>
    public PurposeRule Join(PurposeRule other) => new((ConsentNeed)Math.Max((int)Needs, (int)other.Needs), (WhenMissing)Math.Max((int)WhenMissing, (int)other.WhenMissing));

    /// <summary>Whether it lets nothing through that the other one stops.</summary>
    public bool IsAsStrictAs(PurposeRule other) =>
        Needs >= other.Needs && (WhenMissing >= other.WhenMissing || other.Needs != ConsentNeed.Everybody);
}

/// <summary>
/// An organisation's policy: a rule for each purpose, and for single labels rules that ask more. A label never asks less than what counts for all, and neither asks less than the strictest of the
/// regions in which people are recorded.
/// </summary>
internal sealed record ConsentPolicy(IReadOnlyDictionary<(ConfidentialityLabel? Label, Purpose Purpose), PurposeRule> Rules, IReadOnlyList<RegionChoice> Regions)
{
    public static readonly ConsentPolicy Default = new(new Dictionary<(ConfidentialityLabel?, Purpose), PurposeRule>(), []);

    /// <summary>The purposes for which content leaves; nothing leaves for being kept.</summary>
    public static readonly IReadOnlyList<Purpose> Purposes = [Purpose.ViewInternal, Purpose.ShareExternal, Purpose.Transcribe, Purpose.AiInference, Purpose.AiTraining, Purpose.DataMining];

    public PurposeRule For(ConfidentialityLabel label, Purpose purpose)
    {
        var general = Rules.GetValueOrDefault((null, purpose), PurposeRule.Default);
        return Regions.Aggregate(Rules.TryGetValue((label, purpose), out var own) ? general.Join(own) : general, (rule, region) => rule.Join(region.Floor(purpose)));
    }

    /// <summary>Whether it lets nothing through, of any recording, that the other one stops.</summary>
    public bool IsAsStrictAs(ConsentPolicy other) =>
        Enum.GetValues<ConfidentialityLabel>().All(label => Purposes.All(purpose => For(label, purpose).IsAsStrictAs(other.For(label, purpose))));
}

/// <summary>One rule as a row.</summary>
internal sealed class ConsentRule : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>As the API calls it; empty for all.</summary>
    public required string Label { get; init; }
    public required Purpose Purpose { get; init; }
    public required ConsentNeed Needs { get; init; }
    public required WhenMissing WhenMissing { get; init; }
}

/// <summary>Why one recording is used for a purpose though not everybody has said yes. It counts against no objection.</summary>
internal sealed class ConsentReason : ITenantOwned
{
    public const string ReasonColumn = "consent_reasons.reason";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Purpose Purpose { get; init; }

    /// <summary>Under the recording's key.</summary>
    public required SealedText Reason { get; init; }
    public required Guid MadeBy { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed class ConsentRuleTable : IEntityTypeConfiguration<ConsentRule>
{
    public void Configure(EntityTypeBuilder<ConsentRule> builder)
    {
        builder.ToTable("ConsentRules");
        builder.HasKey(rule => new { rule.TenantId, rule.Label, rule.Purpose });
        builder.Property(rule => rule.Label).HasMaxLength(16);
        builder.Property(rule => rule.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.Property(rule => rule.Needs).HasConversion<string>().HasMaxLength(16);
        builder.Property(rule => rule.WhenMissing).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(rule => rule.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ConsentReasonTable : IEntityTypeConfiguration<ConsentReason>
{
    public void Configure(EntityTypeBuilder<ConsentReason> builder)
    {
        builder.ToTable("ConsentReasons");
        builder.HasKey(why => new { why.TenantId, why.Id });
        builder.HasIndex(why => new { why.TenantId, why.RecordingId, why.Purpose }).IsUnique();
        builder.Property(why => why.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(why => new { why.TenantId, why.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
