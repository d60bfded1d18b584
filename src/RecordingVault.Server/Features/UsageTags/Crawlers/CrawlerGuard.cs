using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags.Crawlers;

/// <summary>Turns AI crawlers and agents, known by their name or by their network, away from links and content before anything is looked up, with a line in the log. What robots read stays open to them: they must be able to hear no.</summary>
internal sealed class CrawlerGuard(RequestDelegate next, CrawlerNetworks networks, CrawlerLog log)
{
    private static readonly Problem s_refused = new("crawler-refused", 403, "Nothing here is for AI crawlers or agents. A person opens a link in a browser.");

    public Task InvokeAsync(HttpContext http)
    {
        if (PlaceOf(http) is not { } place)
            return next(http);
        var (claimed, owner) = (AiCrawlers.Find(http.Request.Headers.UserAgent.ToString()), networks.Owner(http.Connection.RemoteIpAddress));
        if ((claimed ?? owner) is null)
            return next(http);
        log.Refused(claimed, owner, claimed is not null && networks.Knows(claimed), place);
        return s_refused.WriteAsync(http);
    }

    private static string? PlaceOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/s", StringComparison.OrdinalIgnoreCase) ? "a link"
        : http.GetEndpoint()?.Metadata.GetMetadata<AuditAction>()?.Type is "content.released" or "export.fetched" ? "content"
        : null;
}
