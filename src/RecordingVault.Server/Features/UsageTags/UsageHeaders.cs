using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>The tag as HTTP headers, on content and pages alike, on 200, 206, 304 and HEAD (AIPREF attach, TDMRep, X-Robots-Tag, RSL). Later sources supersede earlier ones, so all say the same.</summary>
internal static class UsageHeaders
{
    public static void Write(HttpResponse response, UsageTag tag, string root)
    {
        if (tag != UsageTag.NoTdm)
            throw new ArgumentOutOfRangeException(nameof(tag));
        var headers = response.Headers;
        headers["Content-Usage"] = "train-ai=n, search=n";
        headers["tdm-reservation"] = "1";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet, noai, noimageai";
        headers["Link"] = $"<{root}/license.xml>; rel=\"license\"; type=\"application/rsl+xml\"";
    }
}

internal static class UsageHeadersExtensions
{
    /// <summary>Every answer carries the strictest tag until an endpoint that knows the recording's own writes that one.</summary>
    public static IApplicationBuilder UseUsageHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        UsageHeaders.Write(http.Response, UsageTag.NoTdm, http.RequestServices.GetRequiredService<PublicAddress>().Root(http.Request));
        return next(http);
    });
}
