using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>One member's page: his role, and his removal with what it ends and what it leaves.</summary>
internal static class ShowMember
{
    public static Task<IResult> Handle(Guid id, HttpContext http, MemberPages pages, CancellationToken cancellationToken) => pages.ShowAsync(id, http, refusal: null, cancellationToken);

    public static async Task<IResult> SetRole(Guid id, HttpContext http, MembershipChange change, MemberPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (RoleNames.Parse(form["role"]) is not { } role)
            return await pages.ShowAsync(id, http, RoleNames.Unknown, cancellationToken);
        return await change.SetRoleAsync(id, role, http, cancellationToken) is { } refusal
            ? await pages.ShowAsync(id, http, refusal, cancellationToken)
            : TypedResults.LocalRedirect($"{ShowMembers.Path}?done=rolechanged");
    }

    public static async Task<IResult> Remove(Guid id, HttpContext http, MembershipChange change, MemberPages pages, CancellationToken cancellationToken) =>
        await change.RemoveAsync(id, http, cancellationToken) is { } refusal
            ? await pages.ShowAsync(id, http, refusal, cancellationToken)
            : TypedResults.LocalRedirect($"{ShowMembers.Path}?done=removed");
}

internal sealed class MemberPages(PageFrames frames, MemberReading members, MembershipChange change, MemberLinks links)
{
    public async Task<IResult> ShowAsync(Guid memberId, HttpContext http, Problem? refusal, CancellationToken cancellationToken)
    {
        if (await members.FindAsync(memberId, cancellationToken) is not { } member)
            return new NoSuchPage();
        var own = http.User.RoleInTenant();
        var line = MembersPages.Line(member, http.User.MemberId(), own);
        var model = new MemberPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Member = line,
            Roles = line.MayManage ? MembersPages.RolesFor(own) : [],
            LiveLinks = await links.CountLiveOfAsync(memberId, cancellationToken),
            IsLastOwner = line.Role == nameof(Role.Owner) && await change.IsLastOwnerAsync(memberId, cancellationToken),
            Refusal = refusal?.Title,
        };
        return PageAnswers.Page<MemberPage>(model, refusal?.Status ?? StatusCodes.Status200OK);
    }
}
