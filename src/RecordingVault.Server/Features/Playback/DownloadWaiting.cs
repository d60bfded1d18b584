using System.Globalization;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A person who pressed a link while the file is being made ready is shown a page, which asks again by itself until the download begins; a script reads the problem.</summary>
internal sealed class DownloadWaiting(PageFrames frames, DownloadPauses pauses)
{
    /// <summary>The page that waits has opened this address again, and no person: a browser says of a page that is opened whether somebody pressed something for it.</summary>
    public static bool AsksByItself(HttpContext http) => IsPage(http) && http.Request.Headers["Sec-Fetch-User"] != "?1";

    /// <param name="back">Address of the recording's page.</param>
    /// <returns>Whether the page was the answer.</returns>
    public async Task<bool> TryShowAsync(HttpContext http, ReleaseDecision decision, Asker asker, Guid recordingId, string back)
    {
        if (!IsPage(http))
            return false;
        if (decision is not ReleaseDecision.Refused { Reasons: [{ Slug: "being-marked" or "copy-being-made" } reason, ..] })
        {
            pauses.End(asker.GrantId, recordingId);
            return false;
        }

        var pause = ((int)pauses.Next(asker.GrantId, recordingId, reason.RetryAfter!.Value).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = pause;
        http.Response.Headers["Refresh"] = pause;
        await ShowAsync(http, reason == PlaybackProblems.CopyBeingMade ? NeutralMessage.CopyBeingMade : NeutralMessage.BeingMarked, back, reason.Status);
        return true;
    }

    /// <summary>A visitor whose link is not open here, or not any more because the page that waited was not used: his page says why, and how it goes on. It is the same for an id that is no link's.</summary>
    /// <returns>Whether the page was the answer.</returns>
    public async Task<bool> TryShowClosedAsync(HttpContext http)
    {
        if (!IsPage(http))
            return false;
        await ShowAsync(http, NeutralMessage.Closed, back: null, StatusCodes.Status404NotFound);
        return true;
    }

    private static bool IsPage(HttpContext http) => http.Request.Headers["Sec-Fetch-Dest"] == "document";

    private async Task ShowAsync(HttpContext http, NeutralMessage message, string? back, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        var frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        await PageAnswers.Page<NeutralPage>(new NeutralPageModel(frame, message) { BackHref = back }, status).ExecuteAsync(http);
    }
}
