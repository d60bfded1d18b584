using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>The tag as HTTP headers, on content and pages alike, on 200, 206, 304 and HEAD. Their words are <see cref="WebMarks"/>'; later sources supersede earlier ones, so all say the same.</summary>
internal static class MarkHeaders
{
    // A vault has one address, or two: the last one's headers are at hand.
    private static Known? known;

    private sealed record Known(string Root, IReadOnlyDictionary<UsageTag, IReadOnlyList<KeyValuePair<string, string>>> Headers);

    public static void Write(HttpResponse response, UsageTag tag, string root)
    {
        var at = known;
        if (at?.Root != root)
            known = at = new Known(root, UsageTag.All.ToDictionary(tag => tag, tag => WebMarks.Headers(tag, root)));
        foreach (var (name, value) in at.Headers[tag])
            response.Headers[name] = value;
        if (!WebMarks.OffersTerms(tag))
            response.Headers.Remove("tdm-policy");
    }
}

internal static class MarkHeadersExtensions
{
    /// <summary>Every answer carries the strictest tag until an endpoint that knows the recording's own writes that one.</summary>
    public static IApplicationBuilder UseMarkHeaders(this IApplicationBuilder app)
    {
        var address = app.ApplicationServices.GetRequiredService<PublicAddress>();
        return app.Use((http, next) =>
        {
            MarkHeaders.Write(http.Response, UsageTag.NoTdm, address.Root(http.Request));
            return next(http);
        });
    }
}
