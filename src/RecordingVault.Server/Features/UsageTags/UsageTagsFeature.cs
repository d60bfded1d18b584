using System.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>What machines ask for before they read: the same refusal in each of their formats.</summary>
internal static class UsageTagsFeature
{
    public static IEndpointRouteBuilder MapUsageTags(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", Robots).AllowAnonymous();
        routes.MapGet("/.well-known/tdmrep.json", TdmRep).AllowAnonymous();
        routes.MapGet("/license.xml", License).AllowAnonymous();
        return routes;
    }

    private static ContentHttpResult Robots(HttpRequest request, PublicAddress address) => TypedResults.Text(
        $"User-agent: *\nDisallow: /\nContent-Signal: search=no, ai-input=no, ai-train=no\nContent-Usage: train-ai=n, search=n\n\nLicense: {address.Root(request)}/license.xml\n",
        "text/plain; charset=utf-8");

    private static ContentHttpResult TdmRep() => TypedResults.Text("[{\"location\": \"/\", \"tdm-reservation\": 1}]\n", "application/json");

    private static ContentHttpResult License(HttpRequest request, PublicAddress address) => TypedResults.Text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsl xmlns=\"https://rslstandard.org/rsl\">\n"
        + $"  <content url=\"{SecurityElement.Escape(address.Root(request))}/\">\n    <license><prohibits type=\"usage\">ai-all search</prohibits></license>\n  </content>\n</rsl>\n",
        "application/rsl+xml; charset=utf-8");
}
