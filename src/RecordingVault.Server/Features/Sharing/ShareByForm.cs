using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The share form for browsers without scripts: the same page again with the link on it, never a redirect, because the link is shown once.</summary>
internal static class ShareByForm
{
    public static async Task<IResult> Show(Guid id, HttpContext http, RecordingReading reading, PageFrames frames, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } recording ? Page(recording, await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken), Form(recording), made: null) : new NoSuchPage();

    public static async Task<IResult> Make(
        Guid id, HttpContext http, CreateShare.ShareCreation creation, VisibleMarks marks, LinkPurposes purposes, ShareReading reading, RecordingReading recordings, PageFrames frames, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await recordings.FindAsync(id, cancellationToken) is not { } recording)
            return new NoSuchPage();
        var frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken);
        var (recipientName, days, allowDownload, withPasscode) = (form["recipientName"], form["days"], form["may"] == "download", form["withPasscode"] == "true");
        var request = new CreateShareRequest(recipientName.Length == 0 ? null : recipientName, Expiry(days, form["until"], time.Now()), withPasscode ? form["passcode"] : null, allowDownload, form["note"]);
        var (slate, corner, language) = (form["slate"] == "true", form["corner"] == "true", form["markLanguage"]);
        if (slate || corner)
            request = request with { VisibleMark = new VisibleMarkRequest(slate, corner, language.Length == 0 ? null : language) };
        var filled = Form(recording) with { Slate = slate, Corner = corner, MarkLanguage = language, RecipientName = recipientName, Note = form["note"], AllowDownload = allowDownload, WithPasscode = withPasscode, Days = days, Until = form["until"] };
        if (form["passcode"] is { Length: > 0 } passcode)
            filled = filled with { SuggestedPasscode = passcode };
        // A date that nobody can read must not become another one.
        if (days == "custom" && request.ExpiresAt is null)
            return Page(recording, frame, filled with { Error = "Choose the date and time at which the link ends." }, made: null, StatusCodes.Status400BadRequest);
        if (request.Check(time.Now()) is { } wrong)
            return Page(recording, frame, filled with { Error = wrong.Sentence }, made: null, wrong.Status);
        if (recording.Label == ConfidentialityLabel.Restricted.Name())
            return Page(recording, frame, filled with { Error = PlaybackProblems.Restricted.Title }, made: null, PlaybackProblems.Restricted.Status);

        if (request.VisibleMark is not null && await marks.CheckAsync(id, cancellationToken) is { } unmarkable)
            return Page(recording, frame, filled with { Error = unmarkable.Sentence }, made: null, unmarkable.Status);
        if (await purposes.CheckAsync(http, allowDownload, new AuditEntry("share.created", http.Actor(), AuditTargetKind.Recording, id), cancellationToken) is { } unlisted)
            return unlisted.ToResult();
        var secret = SecretToken.New();
        if (await creation.AddAsync(id, request, secret, MemberPass.Of(http), http.Actor(), cancellationToken) is not { } share)
            return Problem.Unauthorized.ToResult();
        var link = (await reading.OpenAsync(http.Request, share, cancellationToken)).WithSecret(secret);
        return Page(recording, frame, filled, new MadeLink(link.Url, link.RecipientName, link.ExpiresAt, !link.ViewOnly, request.Passcode));
    }

    private static ShareFormModel Form(RecordingResponse recording) => new() { RecordingId = recording.Id, SuggestedPasscode = PasscodeSuggestion.New(), CanMark = VisibleMarks.Suits(recording) };

    /// <summary>A chosen date is read as UTC: without scripts the browser does not tell its zone, and the page's own times are in UTC then.</summary>
    private static DateTimeOffset? Expiry(string days, string until, DateTimeOffset now) =>
        days == "custom" && DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 366 ? now.AddDays(count)
        : null;

    private static RazorComponentResult<SharePage> Page(RecordingResponse recording, PageFrame frame, ShareFormModel form, MadeLink? made, int status = StatusCodes.Status200OK) =>
        PageAnswers.Page<SharePage>(new SharePageModel { Frame = frame, RecordingId = recording.Id, Title = recording.Title, Form = form, Made = made }, status);
}
