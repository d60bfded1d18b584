using System.Globalization;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>What the form of a link asks for, compared with the link as it is: what did not change is not in the request, so the log tells of true changes only.</summary>
internal static class LinkChange
{
    public static LinkForm Filled(PostedForm form, ShareResponse link) => new()
    {
        RecipientName = form["recipientName"].Trim(),
        // A browser sends line ends as CR LF.
        Note = form["note"].ReplaceLineEndings("\n").Trim(),
        AllowDownload = form["may"] is { Length: > 0 } may ? may == "download" : !link.ViewOnly,
        Days = form["days"] is { Length: > 0 } days ? days : "keep",
        Until = form["at"] is { Length: > 0 } at ? at : form["until"],
        PasscodeIs = form["passcodeIs"] is { Length: > 0 } choice ? choice : "keep",
        Passcode = form["passcode"],
        // A box without its tick is not sent; a form without the boxes leaves the mark as it is.
        Slate = form["marks"] == "shown" ? form["slate"] == "true" : link.VisibleMark?.Slate is true,
        Corner = form["marks"] == "shown" ? form["corner"] == "true" : link.VisibleMark?.Corner is true,
        MarkLanguage = form["markLanguage"] is { Length: > 0 } language ? language : link.VisibleMark?.Language ?? CopyWords.Languages[0],
    };

    /// <summary>The request, or why there can be none.</summary>
    public static (ChangeShareRequest? Request, Problem? Wrong) Read(LinkForm form, ShareResponse link, DateTimeOffset now)
    {
        if (Expiry(form, now) is not { } expiry)
            return (null, Problem.Invalid("until", "choose the date and time at which the link ends."));
        if (form.PasscodeIs is not ("keep" or "new" or "none"))
            return (null, Problem.Invalid("passcodeIs", "keep the passcode, give a new one, or take it away."));
        if (form.PasscodeIs == "new" && string.IsNullOrWhiteSpace(form.Passcode))
            return (null, Problem.Invalid("passcode", "write the new passcode."));
        var request = new ChangeShareRequest(
            Text(form.RecipientName, link.RecipientName),
            Text(form.Note, link.Note),
            form.PasscodeIs switch
            {
                "new" => new TextChange(true, form.Passcode),
                "none" when link.HasPasscode => new TextChange(true, null),
                _ => default,
            },
            expiry.At,
            form.AllowDownload == !link.ViewOnly ? null : form.AllowDownload,
            State: null)
        {
            VisibleMark = Mark(form, link.VisibleMark),
        };
        return (request, request.Check(now));
    }

    private static VisibleMarkChange Mark(LinkForm form, VisibleMarkResponse? present)
    {
        if (!form.Slate && !form.Corner)
            return present is null ? default : new VisibleMarkChange(true, null);
        var isSame = present is not null && (form.Slate, form.Corner, form.MarkLanguage) == (present.Slate, present.Corner, present.Language);
        return isSame ? default : new VisibleMarkChange(true, new VisibleMarkRequest(form.Slate, form.Corner, form.MarkLanguage));
    }

    private static TextChange Text(string given, string? present) => given == (present ?? "") ? default : new TextChange(true, given.Length == 0 ? null : given);

    /// <summary>Null where nobody can read it. A chosen time without a zone is UTC, which is what the page says without scripts; with them it comes with its zone.</summary>
    private static (DateTimeOffset? At, bool IsRead)? Expiry(LinkForm form, DateTimeOffset now) => form.Days switch
    {
        "keep" => (null, true),
        "custom" => DateTimeOffset.TryParse(form.Until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? (at.ToUniversalTime(), true) : null,
        var days => int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 366 ? (now.AddDays(count), true) : null,
    };
}
