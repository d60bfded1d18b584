using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Consent.Policy.Regions;

/// <summary>Whose consent a region asks to record somebody, as the organisation understands its law; each asks more than the one before.</summary>
internal enum RegionRule
{
    NoticeOnly,
    OneParty,
    AllParty,
}

/// <summary>A region in which the organisation records people, and the rule that it holds there. What the rule asks of each use stands in the data file, as a floor under the policy.</summary>
internal sealed class ConsentRegion : ITenantOwned
{
    public const int LongestCode = 12;
    public const int LongestName = 80;

    /// <summary>More than any organisation has told apart; the list is read at each release.</summary>
    public const int Most = 100;

    public required Guid TenantId { get; init; }

    /// <summary>As ISO 3166 has it where it has one: DE, US-CA.</summary>
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required RegionRule Rule { get; init; }

    public static bool IsCode(string code) =>
        code.Length is 2 or (> 3 and <= LongestCode) && code[..2].All(char.IsAsciiLetterUpper) && (code.Length == 2 || (code[2] == '-' && code[3..].All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter))));
}

/// <summary>A region as a policy has it.</summary>
internal sealed record RegionChoice(string Code, string Name, RegionRule Rule)
{
    /// <summary>What the rule asks of one purpose at least; of what the file does not name, nothing.</summary>
    public PurposeRule Floor(Purpose purpose) => RegionPresets.Of(Rule).GetValueOrDefault(purpose, s_nothing);

    private static readonly PurposeRule s_nothing = new(ConsentNeed.Nobody, WhenMissing.Warn);
}

internal sealed class ConsentRegionTable : IEntityTypeConfiguration<ConsentRegion>
{
    public void Configure(EntityTypeBuilder<ConsentRegion> builder)
    {
        builder.ToTable("ConsentRegions");
        builder.HasKey(region => new { region.TenantId, region.Code });
        builder.Property(region => region.Code).HasMaxLength(ConsentRegion.LongestCode);
        builder.Property(region => region.Name).HasMaxLength(ConsentRegion.LongestName);
        builder.Property(region => region.Rule).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(region => region.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
