using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A person who pressed a link while the file is being made ready is shown a page, which asks again by itself until the download begins; a script reads the problem.</summary>
internal sealed class DownloadWaiting(PageFrames frames)
{
    /// <summary>The page that waits has opened this address again, and no person: a browser says of a page that is opened whether somebody pressed something for it.</summary>
    public static bool AsksByItself(HttpContext http) => http.Request.Headers["Sec-Fetch-Dest"] == "document" && http.Request.Headers["Sec-Fetch-User"] != "?1";

    /// <param name="back">Address of the recording's page.</param>
    /// <returns>Whether the page was the answer.</returns>
    public async Task<bool> TryShowAsync(HttpContext http, ReleaseDecision decision, string back)
    {
        if (decision is not ReleaseDecision.Refused { Reasons: [{ Slug: "being-marked" } reason, ..] } || http.Request.Headers["Sec-Fetch-Dest"] != "document")
            return false;
        http.Response.Headers.RetryAfter = reason.RetryAfterSeconds;
        http.Response.Headers["Refresh"] = reason.RetryAfterSeconds;
        http.Response.Headers.CacheControl = "no-store";
        var frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        await PageAnswers.Page<NeutralPage>(new NeutralPageModel(frame, NeutralMessage.BeingMarked) { BackHref = back }, reason.Status).ExecuteAsync(http);
        return true;
    }
}
