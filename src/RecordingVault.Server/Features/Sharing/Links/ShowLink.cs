using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>The page of one link, and its forms: change it, give it a new address, open it again.</summary>
internal static class ShowLink
{
    public static string PathOf(Guid id) => $"/shares/{id}";

    public static async Task<IResult> Handle(Guid id, bool? changed, HttpContext http, LinkPages pages, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync(id, cancellationToken) is not { } share)
            return new NoSuchPage();
        return PageAnswers.Page<LinkPage>(await pages.ModelAsync(share, http, cancellationToken) with { WasChanged = changed is true });
    }

    public static async Task<IResult> Change(Guid id, HttpContext http, LinkPages pages, ChangeShare.ShareChange change, VisibleMarks marks, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.FindAsync(id, cancellationToken) is not { } share)
            return new NoSuchPage();
        var model = await pages.ModelAsync(share, http, cancellationToken);
        var link = await pages.TellAsync(share, http, cancellationToken);
        var filled = LinkChange.Filled(form, link);
        model = model with { Form = filled };
        var (request, wrong) = LinkChange.Read(filled, link, time.Now());
        if (wrong is not null)
            return Refused(model, wrong);
        if (request!.Changed.Length == 0)
            return TypedResults.LocalRedirect(PathOf(id));
        if (request.Loosens(share, await marks.FindAsync(id, cancellationToken)) && FreshSignIn.Check(http, time.GetUtcNow()) is { } stale)
            return Refused(model with { NeedsSignIn = true }, stale);
        if (await change.ApplyAsync(share, request, secret: null, http, cancellationToken) is { } refusal)
            return Refused(model, refusal);
        return TypedResults.LocalRedirect(PathOf(id) + "?changed=true");
    }

    /// <summary>"Copy the link again": a new secret, shown on this page and never again, so no redirect. The old address stops.</summary>
    public static async Task<IResult> Renew(Guid id, HttpContext http, LinkPages pages, ChangeShare.ShareChange change, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync(id, cancellationToken) is not { } share)
            return new NoSuchPage();
        var secret = SecretToken.New();
        if (await change.ApplyAsync(share, new ChangeShareRequest(default, default, default, null, null, null, NewSecret: true), secret, http, cancellationToken) is { } refusal)
            return Refused(await pages.ModelAsync(share, http, cancellationToken), refusal);
        var link = (await pages.TellAsync(share, http, cancellationToken)).WithSecret(secret);
        return PageAnswers.Page<LinkPage>(await pages.ModelAsync(share, http, cancellationToken) with
        {
            Made = new MadeLink(link.Url, link.RecipientName, link.ExpiresAt, !link.ViewOnly, Passcode: null) { AsksForPasscode = link.HasPasscode },
        });
    }

    public static async Task<IResult> OpenAgain(Guid id, HttpContext http, LinkPages pages, ChangeShare.ShareChange change, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync(id, cancellationToken) is not { } share)
            return new NoSuchPage();
        if (share.StoppedAt is null)
            return TypedResults.LocalRedirect(PathOf(id));
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return TypedResults.LocalRedirect(FreshSignIn.PageBefore(PathOf(id)));
        if (await change.ApplyAsync(share, new ChangeShareRequest(default, default, default, null, null, "open"), secret: null, http, cancellationToken) is { } refusal)
            return Refused(await pages.ModelAsync(share, http, cancellationToken), refusal);
        return TypedResults.LocalRedirect(PathOf(id) + "?changed=true");
    }

    private static RazorComponentResult<LinkPage> Refused(LinkPageModel model, Problem problem) =>
        PageAnswers.Page<LinkPage>(model with { Error = problem.Sentence }, problem.Status);

    /// <summary>Finds a link with what its page shows.</summary>
    internal sealed class LinkPages(VaultDbContext db, TenantLinks links, ShareReading reading, VisibleMarks marks, PageFrames frames)
    {
        /// <summary>Null where the tenant has no such link, or its recording is being destroyed.</summary>
        public Task<Share?> FindAsync(Guid id, CancellationToken cancellationToken) =>
            db.Shares.SingleOrDefaultAsync(share => share.Id == id && db.Recordings.Any(recording => recording.Id == share.RecordingId && !recording.IsBeingDestroyed), cancellationToken);

        public Task<ShareResponse> TellAsync(Share share, HttpContext http, CancellationToken cancellationToken) => reading.OpenAsync(http.Request, share, cancellationToken);

        public async Task<LinkPageModel> ModelAsync(Share share, HttpContext http, CancellationToken cancellationToken)
        {
            var line = ShowLinks.Line((await links.TellAsync(http.Request, [share], cancellationToken))[0]);
            return new LinkPageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Links, cancellationToken),
                Link = line,
                Form = new LinkForm
                {
                    RecipientName = line.RecipientName ?? "",
                    Note = line.Note ?? "",
                    AllowDownload = line.AllowsDownload,
                    Passcode = PasscodeSuggestion.New(),
                    Slate = line.Mark?.Slate is true,
                    Corner = line.Mark?.Corner is true,
                    MarkLanguage = line.Mark?.Language ?? CopyWords.Languages[0],
                },
                CanMark = line.Mark is not null || await marks.CheckAsync(share.RecordingId, cancellationToken) is null,
            };
        }
    }
}
