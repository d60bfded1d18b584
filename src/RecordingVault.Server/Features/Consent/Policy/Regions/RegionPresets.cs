using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Consent.Policy.Regions;

/// <param name="Rule">As the API calls it.</param>
/// <param name="Source">The law that the rule is taken from.</param>
public sealed record RegionPreset(string Code, string Name, string Rule, string Source);

/// <summary>The regions of the data file, each with its source, and what a rule asks of each use. No law is in the code: an organisation chooses a rule for each region, whatever the file says of it.</summary>
internal static class RegionPresets
{
    private sealed record FloorLine(string Purpose, string Needs, string WhenMissing);

    private sealed record RuleLine(string Name, IReadOnlyList<FloorLine> Floors);

    private sealed record RegionFile(DateOnly AsOf, string Disclaimer, IReadOnlyList<RuleLine> Rules, IReadOnlyList<RegionPreset> Regions);

    private static readonly RegionFile s_file = Read();

    private static readonly FrozenDictionary<RegionRule, FrozenDictionary<Purpose, PurposeRule>> s_rules = s_file.Rules.ToFrozenDictionary(
        rule => ConsentWords.Of(Enum.GetValues<RegionRule>(), rule.Name)!.Value,
        rule => rule.Floors.ToFrozenDictionary(
            floor => ConsentWords.PurposeOf(floor.Purpose)!.Value,
            floor => new PurposeRule(ConsentWords.Of(Enum.GetValues<ConsentNeed>(), floor.Needs)!.Value, ConsentWords.Of(Enum.GetValues<WhenMissing>(), floor.WhenMissing)!.Value)));

    /// <summary>The day on which the file's author knew the laws so.</summary>
    public static DateOnly AsOf => s_file.AsOf;

    public static string Disclaimer => s_file.Disclaimer;

    public static IReadOnlyList<RegionPreset> Regions => s_file.Regions;

    public static IReadOnlyDictionary<Purpose, PurposeRule> Of(RegionRule rule) => s_rules[rule];

    public static RegionPreset? Find(string? code) => s_file.Regions.FirstOrDefault(region => region.Code == code);

    private static RegionFile Read()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("RecordingVault.Server.Features.Consent.Policy.Regions.regions.json") ?? throw new InvalidOperationException("The list of regions is part of the program.");
        return JsonSerializer.Deserialize<RegionFile>(file, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("The list of regions is empty.");
    }
}
