using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Policy.Regions;

/// <summary>The forms by which a region is added, or set to another rule, and removed. Both lead back to the page of the policy.</summary>
internal static class RegionPages
{
    public const string Path = ConsentPolicyPages.Path + "/regions";
    public const string RemovePath = Path + "/remove";

    /// <summary>POST …/regions.</summary>
    public static async Task<IResult> Set(HttpContext http, ConsentPolicyPages pages, ConsentPolicyChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var typed = new RegionRequest(form["code"], form["name"], form["rule"] is { Length: > 0 } rule ? rule : null);
        var (region, problem) = RegionRequests.Read(typed, "");
        problem ??= await change.ApplyAsync(
            before => before with { Regions = [.. before.Regions.Where(other => other.Code != region!.Code).Append(region!).OrderBy(one => one.Code, StringComparer.Ordinal)] }, form["reason"], http, cancellationToken);
        return problem is null
            ? Back()
            : await pages.RefuseRegionAsync(problem, model => model with { RegionTyped = new RegionResponse(typed.Code ?? "", typed.Name ?? "", typed.Rule ?? ""), RegionReason = form["reason"] }, http, cancellationToken);
    }

    /// <summary>POST …/regions/remove.</summary>
    public static async Task<IResult> Remove(HttpContext http, ConsentPolicyPages pages, ConsentPolicyChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var code = form["code"];
        return await change.ApplyAsync(before => before with { Regions = [.. before.Regions.Where(region => region.Code != code)] }, form["reason"], http, cancellationToken) is not { } problem
            ? Back()
            : await pages.RefuseRegionAsync(problem, model => model with { RegionLeaving = code, RegionReason = form["reason"] }, http, cancellationToken);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult Back() => TypedResults.LocalRedirect(ConsentPolicyPages.Path + "#regions");
}
