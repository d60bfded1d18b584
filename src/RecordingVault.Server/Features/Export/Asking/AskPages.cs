using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Export.Asking;

/// <summary>Gathers what the form and the refusal show. What may leave for what, the gate is asked; nothing is told in the log by looking.</summary>
internal sealed class AskPages(RecordingTitles titles, ReleaseCheck check, PageFrames frames, TimeProvider time)
{
    public static string WhySignIn(Problem stale) =>
        stale == Problem.FreshSignIn ? "You signed in more than ten minutes ago." : "You have a second factor now, and signed in without it.";

    /// <summary>Null where one of them is not there.</summary>
    public async Task<AskExportPageModel?> AskAsync(HttpContext http, IReadOnlyList<Guid> ids, AskedTerms terms, CancellationToken cancellationToken)
    {
        var names = await titles.OfAsync([.. ids], cancellationToken);
        if (!ids.All(names.ContainsKey))
            return null;
        var mayLegal = http.User.RoleInTenant() is Role.Owner or Role.Admin;
        List<PurposeChoice> choices = [];
        foreach (var words in ExportWords.Purposes.Where(words => mayLegal || words.Name != Purpose.Legal.Name()))
            choices.Add(new PurposeChoice(words, (await AllowedAsync(http, words.Name, ids, cancellationToken)).Count));
        return new AskExportPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recordings = [.. ids.Select(id => new ChosenToExport(id, names[id]))],
            Purposes = choices,
            Purpose = terms.Purpose,
            Recipient = terms.Recipient,
            Days = terms.Days,
        };
    }

    /// <summary>The page for what the gate has just refused.</summary>
    public async Task<ExportRefusedPageModel> RefusedAsync(HttpContext http, AskExportPageModel asked, AskedTerms terms, IReadOnlyList<LookedAt> looked, CancellationToken cancellationToken)
    {
        var names = asked.Recordings.ToDictionary(recording => recording.Id, recording => recording.Title);
        var refused = looked.Where(one => one.Reasons.Count > 0).ToList();
        return new ExportRefusedPageModel
        {
            Frame = asked.Frame,
            Purpose = terms.Purpose,
            Recipient = terms.Recipient.Trim(),
            Days = terms.Days,
            RefusedAt = time.GetUtcNow(),
            All = [.. looked.Select(one => one.RecordingId)],
            Refused = [.. refused.Select(one => new RefusedRecording(one.RecordingId, names[one.RecordingId], [.. one.Reasons.SelectMany(reason => RefusalWords.Of(reason, one.RecordingId)).Distinct()])
            {
                Tag = one.Finding.Tag.Name,
                CanBeShared = one.Finding.Recording is { TrashedAt: null, Label: not ConfidentialityLabel.Restricted },
            })],
            // The gate's own answer, for all that were asked for.
            OtherPurposes = [.. asked.Purposes.Where(choice => choice.Allowed == looked.Count && choice.Words.Name != terms.Purpose && choice.Words.Name != Purpose.Legal.Name()).Select(choice => choice.Words)],
        };
    }

    private async Task<IReadOnlyCollection<Guid>> AllowedAsync(HttpContext http, string purpose, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var asker = MemberAsker.Of(http) with { For = UsageTags.Purposes.Parse(purpose), Processor = null };
        return [.. (await check.AllowedAsync(asker, ids, ReleasePurpose.Download, cancellationToken)).Select(one => one.Recording.Id)];
    }
}
