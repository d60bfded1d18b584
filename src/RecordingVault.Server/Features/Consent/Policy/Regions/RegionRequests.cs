using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Policy.Regions;

/// <param name="Code">Two capital letters, and for a part of a country a hyphen and up to nine more, as ISO 3166 has them.</param>
/// <param name="Name">May be absent where the data file names it.</param>
/// <param name="Rule">all-party, one-party or notice-only; absent takes the data file's.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegionRequest(string? Code, string? Name, string? Rule);

internal sealed record RegionResponse(string Code, string Name, string Rule);

internal sealed record RegionPresetsResponse(DateOnly AsOf, string Disclaimer, IReadOnlyList<RegionPreset> Items);

/// <summary>GET /api/v1/consent-regions: the data file as it is; and how a list of regions is read.</summary>
internal static class RegionRequests
{
    public static Ok<RegionPresetsResponse> Presets() => TypedResults.Ok(new RegionPresetsResponse(RegionPresets.AsOf, RegionPresets.Disclaimer, RegionPresets.Regions));

    /// <returns>In the order of their codes; null where none are given.</returns>
    public static (IReadOnlyList<RegionChoice>? Regions, Problem? Problem) Read(IReadOnlyList<RegionRequest?>? requests)
    {
        if (requests is null)
            return (null, null);
        if (requests.Count > ConsentRegion.Most)
            return (null, Problem.Invalid("regions", $"name at most {ConsentRegion.Most}."));
        var regions = new SortedDictionary<string, RegionChoice>(StringComparer.Ordinal);
        foreach (var (place, request) in requests.Index())
        {
            var (region, problem) = Read(request, $"regions[{place}].");
            if (problem is not null)
                return (null, problem);
            if (!regions.TryAdd(region!.Code, region))
                return (null, Problem.Invalid($"regions[{place}].code", "each region is named once."));
        }

        return ([.. regions.Values], null);
    }

    /// <param name="prefix">Put before the name of a field that is wrong.</param>
    public static (RegionChoice? Region, Problem? Problem) Read(RegionRequest? request, string prefix)
    {
        var code = request?.Code?.Trim() ?? "";
        if (!ConsentRegion.IsCode(code))
            return (null, Problem.Invalid(prefix + "code", "give two capital letters, such as DE, and for a part of a country a hyphen and its letters, such as US-CA."));
        var preset = RegionPresets.Find(code);
        var name = string.IsNullOrWhiteSpace(request!.Name) ? preset?.Name : request.Name.Trim();
        if (name is null || name.Length > ConsentRegion.LongestName || name.Any(char.IsControl))
            return (null, Problem.Invalid(prefix + "name", $"give the region's name in at most {ConsentRegion.LongestName} characters."));
        return ConsentWords.Of(Enum.GetValues<RegionRule>(), request.Rule ?? preset?.Rule) is { } rule
            ? (new RegionChoice(code, name, rule), null)
            : (null, Problem.Invalid(prefix + "rule", $"it is one of {ConsentWords.List(Enum.GetValues<RegionRule>())}."));
    }
}
