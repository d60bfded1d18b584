using System.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.UsageTags.Crawlers;
using RecordingVault.Server.Features.UsageTags.DataUse;
using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>What machines ask for before they read: the same refusal in each of their formats.</summary>
internal static class UsageTagsFeature
{
    /// <summary>Of the vault as a whole, which no recording's tag loosens.</summary>
    private static readonly UsageTag s_tag = UsageTag.NoTdm;

    private static readonly string[] s_context = ["http://www.w3.org/ns/odrl.jsonld", "http://www.w3.org/ns/tdmrep.jsonld"];

    public static IServiceCollection AddUsageTags(this IServiceCollection services)
    {
        services.AddScoped<UsagePolicyChange>();
        services.AddScoped<UsagePolicyPages>();
        services.AddScoped<DataUseStatements>();
        services.AddScoped<ProcessorBook>();
        services.AddSingleton(provider => CrawlerNetworks.Read(provider.GetRequiredService<IOptions<VaultOptions>>().Value.CrawlerNetworks));
        services.AddSingleton<CrawlerLog>();
        return services;
    }

    public static IEndpointRouteBuilder MapUsageTags(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", Robots).AllowAnonymous();
        routes.MapGet("/ai.txt", AiTxt).AllowAnonymous();
        routes.MapGet("/.well-known/tdmrep.json", TdmRep).AllowAnonymous();
        routes.MapGet("/license.xml", (HttpRequest request, PublicAddress address) => License(s_tag, request, address)).AllowAnonymous();
        routes.MapGet("/licenses/{tag}.xml", LicenseOfTag).AllowAnonymous();
        routes.MapGet("/policies/tdm.json", Terms).AllowAnonymous();
        routes.MapGet("/t/{tenant:guid}/data-use", ShowDataUse.Page).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/t/{tenant:guid}/data-use.json", ShowDataUse.Json).AllowAnonymous().WithTags("Tenant");
        routes.MapGet("/api/v1/tenant/usage", ChangeUsagePolicy.Read).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapPut("/api/v1/tenant/usage", ChangeUsagePolicy.Handle).RequireAuthorization(Policies.ManageMembers).WithTags("Tenant").Audited("usage-policy.tightened");
        routes.MapGet(UsagePolicyPages.Path, UsagePolicyPages.Show).RequireAuthorization(Policies.Member).ExcludeFromDescription();
        routes.MapPost(UsagePolicyPages.Path, UsagePolicyPages.HandleForm).RequireAuthorization(Policies.ManageMembers).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).Audited("usage-policy.tightened").ExcludeFromDescription();
        routes.MapGet("/api/v1/tenant/processors", ChangeProcessors.List).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapPost("/api/v1/tenant/processors", ChangeProcessors.Name).RequireAuthorization(Policies.ManageMembers).WithTags("Tenant").Audited("processor.named");
        routes.MapDelete("/api/v1/tenant/processors/{id:guid}", ChangeProcessors.TakeBack).RequireAuthorization(Policies.ManageMembers).WithTags("Tenant").Audited("processor.taken-back");
        routes.MapPost(UsagePolicyPages.Path + "/processors", ChangeProcessors.NameByForm).RequireAuthorization(Policies.ManageMembers).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).Audited("processor.named").ExcludeFromDescription();
        routes.MapPost(UsagePolicyPages.Path + "/processors/{id:guid}/take-back", ChangeProcessors.TakeBackByForm).RequireAuthorization(Policies.ManageMembers).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).Audited("processor.taken-back").ExcludeFromDescription();
        return routes;
    }

    private static ContentHttpResult Robots(HttpRequest request, PublicAddress address) => TypedResults.Text(
        $"User-agent: *\nDisallow: /\nContent-Signal: {WebMarks.ContentSignal(s_tag)}\nContent-Usage: {WebMarks.ContentUsage(s_tag)}\n\n{Named}\nLicense: {address.Root(request)}/license.xml\n",
        "text/plain; charset=utf-8");

    /// <summary>A crawler reads the group of its own name and not the one for all: each of theirs says the same.</summary>
    private static readonly string Named = string.Concat(AiCrawlers.Names.Select(name => $"User-agent: {name}\n"))
        + $"Disallow: /\nContent-Signal: {WebMarks.ContentSignal(s_tag)}\nContent-Usage: {WebMarks.ContentUsage(s_tag)}\n";

    private static ContentHttpResult AiTxt() => TypedResults.Text("User-Agent: *\nDisallow: /\nDisallow: *\n", "text/plain; charset=utf-8");

    private static ContentHttpResult TdmRep() => TypedResults.Text($"[{{\"location\": \"/\", \"tdm-reservation\": {WebMarks.TdmReservation(s_tag)}}}]\n", "application/json");

    /// <summary>What the headers of an answer with that tag point to. It names no recording: who has the answer knows which.</summary>
    private static IResult LicenseOfTag(string tag, HttpRequest request, PublicAddress address) =>
        UsageTag.Parse(tag) is { } known ? License(known, request, address) : Problem.NotFound.ToResult();

    private static ContentHttpResult License(UsageTag tag, HttpRequest request, PublicAddress address) => TypedResults.Text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsl xmlns=\"https://rslstandard.org/rsl\">\n"
        + $"  <content url=\"{SecurityElement.Escape(address.Root(request))}/\">\n    <license>{Rules(tag)}</license>\n  </content>\n</rsl>\n",
        "application/rsl+xml; charset=utf-8");

    private static string Rules(UsageTag tag) =>
        string.Concat(new[] { ("permits", WebMarks.RslPermits(tag)), ("prohibits", WebMarks.RslProhibits(tag)) }.Where(rule => rule.Item2.Length > 0).Select(rule => $"<{rule.Item1} type=\"usage\">{rule.Item2}</{rule.Item1}>"));

    /// <summary>Where a tag reserves some uses and not all, its headers point here: mining is by the owner's consent, and nothing is on offer without it.</summary>
    private static JsonHttpResult<Dictionary<string, object>> Terms(HttpRequest request, PublicAddress address) => TypedResults.Json(
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["@context"] = s_context,
            ["@type"] = "Offer",
            ["profile"] = "http://www.w3.org/ns/tdmrep",
            ["uid"] = address.Root(request) + "/policies/tdm.json",
            ["assigner"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["uid"] = address.Root(request), ["vcard:fn"] = address.HostName(request) },
            ["permission"] = new[] { new { action = "tdm:mine", duty = new[] { new { action = "obtainConsent" } } } },
        });
}
