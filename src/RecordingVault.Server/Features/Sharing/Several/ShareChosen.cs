using System.Globalization;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing.Several;

/// <summary>Several recordings for one person: a link each, all made or none, by forms that need no script.</summary>
internal static class ShareChosen
{
    public const string Path = "/recordings/chosen/share";
    public const string MakePath = "/recordings/chosen/share/links";

    /// <summary>Each link hashes the passcode anew, which is slow on purpose, and gives whoever guesses five tries more.</summary>
    public const int Most = 20;

    public static readonly Problem TooMany = new("too-many-to-share", 400, "At most 20 recordings are shared at once. Go back to the library and choose fewer.");

    /// <summary>What the library's bar leads to: for whom, and until when. Posted, because the ids would make a long address; it changes nothing.</summary>
    public static async Task<IResult> Ask(HttpContext http, ChosenRecordings chosen, RecordingTitles titles, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (await chosen.RefusalsAsync(ids, RefusalOf, cancellationToken) is { Count: > 0 } refused)
            return await ChosenByForm.RefusedAsync(http, frames, "These can't be shared together", refused, cancellationToken);
        return PageAnswers.Page<ShareChosenPage>(await ModelAsync(http, ids, titles, frames, cancellationToken));
    }

    public static async Task<IResult> Make(
        HttpContext http, ChosenRecordings chosen, CreateShare.ShareCreation creation, ShareReading reading, RecordingTitles titles, PageFrames frames, LinkPurposes purposes, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        var (days, withPasscode) = (form["days"], form["withPasscode"] == "true");
        var expiresAt = int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 366 ? time.Now().AddDays(count) : (DateTimeOffset?)null;
        var request = new CreateShareRequest(form["recipientName"].Trim(), expiresAt, withPasscode ? PasscodeSuggestion.ForSeveral() : null, AllowDownload: false, Note: null);
        var filled = (await ModelAsync(http, ids, titles, frames, cancellationToken)) with { RecipientName = request.RecipientName ?? "", Days = days, WithPasscode = withPasscode };
        var unfit = string.IsNullOrEmpty(request.RecipientName) ? "Say for whom: several links for nobody in particular can't be told apart later."
            : expiresAt is null ? "Choose for how many days."
            : request.Check(time.Now())?.Sentence;
        if (unfit is not null)
            return PageAnswers.Page<ShareChosenPage>(filled with { Error = unfit }, StatusCodes.Status400BadRequest);
        foreach (var id in ids)
        {
            if (await purposes.CheckAsync(http, allowsDownload: false, new AuditEntry("share.created", http.Actor(), AuditTargetKind.Recording, id), cancellationToken) is { } unlisted)
                return unlisted.ToResult();
        }

        var wanted = ids.Select(id => (RecordingId: id, Secret: SecretToken.New())).ToList();
        var (shares, refused) = await creation.AddAllAsync(
            wanted, request, MemberPass.Of(http), http.Actor(), () => chosen.RefusalsAsync(ids, RefusalOf, cancellationToken), cancellationToken);
        if (refused.Count > 0)
            return await ChosenByForm.RefusedAsync(http, frames, "No link was made", refused, cancellationToken);
        if (shares.Count == 0)
            return Problem.Unauthorized.ToResult();
        var names = filled.Recordings.ToDictionary(recording => recording.Id, recording => recording.Title);
        var made = (await reading.OpenAsync(http.Request, shares, cancellationToken))
            .Zip(wanted, (link, one) => new MadeOfSeveral(one.RecordingId, names[one.RecordingId], link.WithSecret(one.Secret).Url)).ToList();
        return PageAnswers.Page<ShareChosenPage>(filled with { Made = made, ExpiresAt = shares[0].ExpiresAt, Passcode = request.Passcode });
    }

    private static Problem? Read(PostedForm form, out IReadOnlyList<Guid> ids) => ChosenRecordings.Read(form, out ids) ?? (ids.Count > Most ? TooMany : null);

    private static string? RefusalOf(Recording recording) => recording.Label == ConfidentialityLabel.Restricted ? PlaybackProblems.Restricted.Title : null;

    private static async Task<ShareChosenPageModel> ModelAsync(HttpContext http, IReadOnlyList<Guid> ids, RecordingTitles titles, PageFrames frames, CancellationToken cancellationToken)
    {
        var names = await titles.OfAsync([.. ids], cancellationToken);
        return new ShareChosenPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recordings = [.. ids.Where(names.ContainsKey).Select(id => new ChosenToShare(id, names[id]))],
        };
    }
}
