using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>The tag as HTTP headers, on content and pages alike, on 200, 206, 304 and HEAD (AIPREF attach, TDMRep, X-Robots-Tag, RSL). Later sources supersede earlier ones, so all say the same.</summary>
internal static class UsageHeaders
{
    // A vault has one address, or two: the last one's header is at hand.
    private static LicenceLink? licence;

    private sealed record LicenceLink(string Root, string Header);

    public static void Write(HttpResponse response, UsageTag tag, string root)
    {
        if (tag != UsageTag.NoTdm)
            throw new ArgumentOutOfRangeException(nameof(tag));
        var headers = response.Headers;
        headers["Content-Usage"] = "train-ai=n, search=n";
        headers["tdm-reservation"] = "1";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet, noai, noimageai";
        var link = licence;
        if (link?.Root != root)
            licence = link = new LicenceLink(root, $"<{root}/license.xml>; rel=\"license\"; type=\"application/rsl+xml\"");
        headers["Link"] = link.Header;
    }
}

internal static class UsageHeadersExtensions
{
    /// <summary>Every answer carries the strictest tag until an endpoint that knows the recording's own writes that one.</summary>
    public static IApplicationBuilder UseUsageHeaders(this IApplicationBuilder app)
    {
        var address = app.ApplicationServices.GetRequiredService<PublicAddress>();
        return app.Use((http, next) =>
        {
            UsageHeaders.Write(http.Response, UsageTag.NoTdm, address.Root(http.Request));
            return next(http);
        });
    }
}
