using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>/join: the secret comes in the link's fragment and is posted when the person presses Open; nothing is used up before he has joined.</summary>
internal static class Join
{
    public const string Path = "/join";
    public const string OpenPath = "/join/open";

    public static RazorComponentResult<JoinGatePage> ShowGate(HttpContext http, JoinPages pages) => pages.Gate(http);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<JoinGatePage>, ProblemHttpResult>> Open(
        HttpContext http, InvitationDoor door, InvitationTries tries, JoinTickets tickets, JoinPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        // What is no link at all is counted like a wrong one, so that nothing is told by how fast it is refused.
        var link = InvitationLink.Parse(form["link"]);
        if (!await tries.TakeAsync(http, link?.Id ?? Guid.Empty, cancellationToken))
            return pages.Gate(http, JoinRefusal.TooManyTries);
        if (link is null || await door.ProveAsync(link, cancellationToken) is null)
            return pages.Gate(http, JoinRefusal.Nothing);
        await tries.GiveBackAsync(http, link.Id, cancellationToken);
        tickets.Write(http.Response, link);
        return TypedResults.LocalRedirect(OpenPath);
    }

    public static async Task<Results<RazorComponentResult<JoinPage>, RedirectHttpResult>> Show(
        HttpContext http, InvitationDoor door, JoinTickets tickets, JoinPages pages, CancellationToken cancellationToken) =>
        await ProveAsync(http, door, tickets, cancellationToken) is { } proved ? pages.Show(http, proved) : TypedResults.LocalRedirect(Path);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<JoinPage>, ProblemHttpResult>> MakeAccount(
        HttpContext http, InvitationDoor door, JoinTickets tickets, AccountByLink byLink, MemberEntrance entrance, MemberDirectory directory, JoinPages pages,
        CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await ProveAsync(http, door, tickets, cancellationToken) is not { } proved)
            return TypedResults.LocalRedirect(Path);
        if (JoinPages.Step(http, proved) is not (JoinStep.NewAccount or JoinStep.TakeAccount))
            return pages.Late(http, proved);
        var account = new NewMember(proved.Email, form["name"].Trim(), form["password"])
        {
            Language = PublicTexts.Choose(http.Request.Headers.AcceptLanguage).TwoLetterISOLanguageName,
            IsAddressProved = proved.IsMailed,
        };
        if (account.Check(proved.TenantName, PublicTexts.Choose(http.Request.Headers.AcceptLanguage)) is { } wrong)
            return pages.Wrong(http, proved, form["name"], wrong);

        if (await byLink.JoinAsync(proved, account, http.Stranger(), cancellationToken) is not { } memberId)
            return await ProveAsync(http, door, tickets, cancellationToken) is { } now ? pages.Late(http, now) : TypedResults.LocalRedirect(Path);
        // He has joined, whatever becomes of this request.
        var stamp = (await directory.GetAsync(memberId, CancellationToken.None)).SecurityStamp!;
        await entrance.EnterAsync(http, new ProvedMember(memberId, stamp), CancellationToken.None);
        JoinTickets.Delete(http.Response);
        return TypedResults.LocalRedirect("/");
    }

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<JoinPage>>> Accept(
        HttpContext http, InvitationDoor door, JoinTickets tickets, InvitationAcceptance acceptance, TenantSwitch tenants, JoinPages pages, CancellationToken cancellationToken)
    {
        if (await ProveAsync(http, door, tickets, cancellationToken) is not { } proved)
            return TypedResults.LocalRedirect(Path);
        if (http.User.SessionId() is null || await acceptance.AcceptAsync(proved, http.User.MemberId(), http.Actor(), cancellationToken) is not JoinOutcome.Joined)
            return await ProveAsync(http, door, tickets, cancellationToken) is { } now ? pages.Late(http, now) : TypedResults.LocalRedirect(Path);
        await tenants.SwitchAsync(http, proved.TenantId, CancellationToken.None);
        return TypedResults.LocalRedirect(OpenPath);
    }

    private static async Task<ProvedInvitation?> ProveAsync(HttpContext http, InvitationDoor door, JoinTickets tickets, CancellationToken cancellationToken) =>
        tickets.Read(http.Request) is { } link ? await door.ProveAsync(link, cancellationToken) : null;
}

/// <summary>Slows down who tries links, per address and per invitation (security.md 9). One that does not exist is slowed like one that does.</summary>
internal sealed class InvitationTries(Throttling throttling, TimeProvider time)
{
    public async Task<bool> TakeAsync(HttpContext http, Guid invitationId, CancellationToken cancellationToken)
    {
        if (await throttling.TryAsync([throttling.Address(http.Connection.RemoteIpAddress), throttling.Link(invitationId)], cancellationToken) is not { } until)
            return true;
        http.Response.RetryAfter(until - time.Now());
        return false;
    }

    public async Task GiveBackAsync(HttpContext http, Guid invitationId, CancellationToken cancellationToken)
    {
        await throttling.GiveBackAsync(throttling.Address(http.Connection.RemoteIpAddress), cancellationToken);
        await throttling.GiveBackAsync(throttling.Link(invitationId), cancellationToken);
    }
}
