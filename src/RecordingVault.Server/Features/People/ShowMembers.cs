using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>The page of members and invitations, and its forms.</summary>
internal static class ShowMembers
{
    public const string Path = SettingsPaths.Members;

    public static async Task<IResult> Handle(string? cursor, string? invitations, string? links, string? done, HttpContext http, MembersPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(http, new MembersPlace(cursor, invitations, links), cancellationToken) is { } model
            ? PageAnswers.Page<MembersPage>(model with { Done = Enum.TryParse<MembersPageDone>(done, ignoreCase: true, out var what) && Enum.IsDefined(what) ? what : null })
            : TypedResults.LocalRedirect(Path);

    public static async Task<IResult> Invite(HttpContext http, InvitationMaking making, InvitationAnswer answer, MembersPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (wanted, wrong) = new InviteMemberRequest(form["email"], form["name"], form["role"]).Read();
        var made = wrong is null ? await making.MakeAsync(wanted!, http, cancellationToken) : MadeInvitation.Refused(wrong);
        return made.Refusal is { } refusal
            ? await pages.WrongAsync(http, form, refusal, cancellationToken)
            : await pages.MadeAsync(http, await answer.TellAsync(made, http, cancellationToken), cancellationToken);
    }

    public static async Task<IResult> Renew(Guid id, HttpContext http, InvitationMaking making, InvitationAnswer answer, MembersPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var made = await making.RenewAsync(id, form["byHand"] is "true", http, cancellationToken);
        if (made.Refusal is { } refusal)
            return await pages.RefusedAsync(http, refusal, cancellationToken);
        return await pages.MadeAsync(http, await answer.TellAsync(made, http, cancellationToken), cancellationToken);
    }

    public static async Task<IResult> Revoke(Guid id, HttpContext http, InvitationRevocation revocation, MembersPages pages, CancellationToken cancellationToken) =>
        await revocation.RevokeAsync(id, http, cancellationToken) is { } refusal
            ? await pages.RefusedAsync(http, refusal, cancellationToken)
            : TypedResults.LocalRedirect($"{Path}?done=withdrawn");
}

/// <summary>Where each of the page's three lists begins; null at its newest.</summary>
internal sealed record MembersPlace(string? Members = null, string? Invitations = null, string? Links = null)
{
    public static readonly MembersPlace Newest = new();
}

/// <summary>The page as it is now, with what came of its forms.</summary>
internal sealed class MembersPages(PageFrames frames, MemberReading members, InvitationReading invitations, MemberLinks links, Outbox outbox)
{
    public const int MembersOnPage = 100;
    public const int InvitationsOnPage = 50;
    public const int LinksOnPage = 50;

    /// <summary>Null when a cursor is not one of its list.</summary>
    public async Task<MembersPageModel?> ModelAsync(HttpContext http, MembersPlace place, CancellationToken cancellationToken)
    {
        var (reader, own) = (http.User.MemberId(), http.User.RoleInTenant());
        if (await members.PageAsync(MembersOnPage, place.Members, cancellationToken) is not { } page
            || await invitations.PageAsync(InvitationsOnPage, place.Invitations, cancellationToken) is not { } sent
            || await LeftAsync(own, place.Links, cancellationToken) is not { } left)
            return null;
        return new MembersPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Members = [.. page.Items.Select(member => Line(member, reader, own))],
            EarlierCursor = page.NextCursor,
            Place = place,
            EarlierInvitations = sent.NextCursor,
            EarlierLinks = left.NextCursor,
            Invitations = [.. sent.Items.Select(line => new InvitationLine(line.Id, line.Email, line.Name, line.Role, line.State, line.ExpiresAt, own.MayManage(Enum.Parse<Role>(line.Role))) { Delivery = line.Delivery, DeliveryFailure = line.DeliveryFailure })],
            CanMail = outbox.IsConfigured,
            Roles = RolesFor(own),
            LeftLinks = [.. left.Items.Select(Line)],
        };
    }

    public async Task<IResult> MadeAsync(HttpContext http, InvitationResponse made, CancellationToken cancellationToken) =>
        PageAnswers.Page<MembersPage>((await ModelAsync(http, MembersPlace.Newest, cancellationToken))! with { Made = new MadeInvitationLink(made.Url, made.Email, made.Role, made.ExpiresAt) });

    public async Task<IResult> WrongAsync(HttpContext http, PostedForm form, Problem refusal, CancellationToken cancellationToken) =>
        PageAnswers.Page<MembersPage>(
            (await ModelAsync(http, MembersPlace.Newest, cancellationToken))! with
            {
                Form = new InviteForm
                {
                    Email = form["email"],
                    Name = form["name"],
                    Role = form["role"],
                    EmailError = refusal.Field is "email" ? refusal.Sentence : null,
                    NameError = refusal.Field is "name" ? refusal.Sentence : null,
                    Error = refusal.Field is "email" or "name" ? null : refusal.Sentence,
                },
            },
            refusal.Status);

    public async Task<IResult> RefusedAsync(HttpContext http, Problem refusal, CancellationToken cancellationToken) =>
        refusal == Problem.NotFound
            ? new NoSuchPage()
            : PageAnswers.Page<MembersPage>((await ModelAsync(http, MembersPlace.Newest, cancellationToken))! with { Refusal = refusal.Title }, refusal.Status);

    public static MemberLine Line(MemberResponse member, Guid reader, Role own) =>
        new(member.Id, member.Name, member.Email, member.Role, member.JoinedAt, member.Id == reader, own.MayManage(Enum.Parse<Role>(member.Role))) { MailFailure = member.MailFailure };

    public static IReadOnlyList<string> RolesFor(Role own) =>
        [.. new[] { Role.Viewer, Role.Contributor, Role.Auditor, Role.Admin, Role.Owner }.Where(role => own.MayManage(role)).Select(role => role.ToString())];

    /// <summary>Owners see them; for all others there are none.</summary>
    private async Task<PageResponse<LeftLink>?> LeftAsync(Role own, string? cursor, CancellationToken cancellationToken) =>
        own is Role.Owner ? await links.LeftAsync(LinksOnPage, cursor, cancellationToken) : new PageResponse<LeftLink>([], null);

    private static LeftLinkLine Line(LeftLink link) => new(link.ShareId, link.RecordingId, link.RecordingTitle, link.MadeByName, link.RecipientName, link.AllowsDownload, link.ExpiresAt);
}
