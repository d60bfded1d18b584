using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The two buttons on a member's page, as forms: a link for a new password, and a lost second factor.</summary>
internal static class MemberRecovery
{
    public static async Task<IResult> ResetLink(Guid id, HttpContext http, ResetLinkMaking making, MemberRecoveryAnswer answer, CancellationToken cancellationToken)
    {
        var (link, refusal) = await making.MakeAsync(id, http, cancellationToken);
        return refusal is { Status: StatusCodes.Status404NotFound }
            ? new NoSuchPage()
            : await answer.PageAsync(http, id, model => model with { Url = link?.Url, Until = link?.ExpiresAt, Refusal = refusal?.Title }, refusal?.Status, cancellationToken);
    }

    public static async Task<IResult> Removal(Guid id, HttpContext http, RemovalAsking asking, MemberRecoveryAnswer answer, CancellationToken cancellationToken)
    {
        var (dueAt, refusal) = await asking.AskAsync(id, http, cancellationToken);
        return refusal is { Status: StatusCodes.Status404NotFound }
            ? new NoSuchPage()
            : await answer.PageAsync(http, id, model => model with { Until = dueAt, Refusal = refusal?.Title }, refusal?.Status, cancellationToken);
    }
}

internal sealed class MemberRecoveryAnswer(PageFrames frames, MemberDirectory directory, LetterStandings letters)
{
    public async Task<IResult> PageAsync(HttpContext http, Guid memberId, Func<MemberRecoveryPageModel, MemberRecoveryPageModel> fill, int? status, CancellationToken cancellationToken)
    {
        var model = new MemberRecoveryPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Name = directory.NameOf(await directory.GetAsync(memberId, cancellationToken)),
            MailFailure = (await letters.FindAsync(memberId, cancellationToken))?.Sentence,
        };
        return PageAnswers.Page<MemberRecoveryPage>(fill(model), status ?? StatusCodes.Status200OK);
    }
}
