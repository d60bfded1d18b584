using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>The pages of somebody without an account who asks in which recordings he is.</summary>
internal sealed class OwnPages(SystemScope system, Outbox outbox, OwnTries tries, OwnAsks asks, OwnDoor door, OwnTakingBack taking, PageFrames frames, TimeProvider time)
{
    private readonly Outbox outbox = outbox;
    private readonly OwnTries tries = tries;
    private readonly OwnAsks asks = asks;
    private readonly OwnDoor door = door;
    private readonly OwnTakingBack taking = taking;
    private readonly PageFrames frames = frames;
    private readonly TimeProvider time = time;

    public static async Task<IResult> ShowAsk(Guid tenant, HttpContext http, OwnPages pages, CancellationToken cancellationToken) =>
        await pages.AskModelAsync(tenant, http, cancellationToken) is { } model ? Answer(http, model) : new NoSuchPage();

    /// <summary>The answer comes before anybody has looked whether the address is known.</summary>
    public static async Task<IResult> Ask(Guid tenant, HttpContext http, OwnPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.AskModelAsync(tenant, http, cancellationToken) is not { } found)
            return new NoSuchPage();
        var model = found with { Email = form["email"].Trim() };
        if (!pages.outbox.IsConfigured)
            return Answer(http, model);
        if (MemberRules.CheckEmail(model.Email) is not null)
            return Answer(http, model with { IsNoAddress = true }, StatusCodes.Status400BadRequest);
        if (await pages.tries.TakeAsync(model.Email, http.Connection.RemoteIpAddress, cancellationToken) is { } until)
        {
            http.Response.RetryAfter(until - pages.time.Now());
            return Answer(http, model with { NextTryAt = until }, StatusCodes.Status429TooManyRequests);
        }

        pages.asks.Take(tenant, model.Email, http.Stranger());
        return Answer(http, model with { IsTaken = true });
    }

    /// <summary>GET /o/{id}. Without the link's cookie it is the gate, the same for every id.</summary>
    public static async Task<IResult> Show(Guid id, HttpContext http, OwnPages pages, CancellationToken cancellationToken)
    {
        var culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage);
        return await pages.door.VisitAsync(http, id, cancellationToken) is var (link, found)
            ? PageAnswers.Page<OwnPage>(await pages.ModelAsync(http, link, found, culture, cancellationToken))
            : PageAnswers.Page<GatePage>(new GatePageModel(pages.frames.ForVisitor(http) with { Culture = culture }, id) { Of = GateOf.OwnRecordings });
    }

    public static async Task<IResult> TakeBack(Guid id, HttpContext http, OwnPages pages, CancellationToken cancellationToken)
    {
        if (await pages.door.VisitAsync(http, id, cancellationToken) is not var (link, found))
            return new NoSuchPage();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (found.Recordings.FirstOrDefault(one => form["participant"] == one.Recording.Participant.ToString()) is not { } named)
            return new NoSuchPage();
        var culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage);
        var chosen = form.All("use").Select(ConsentWords.PurposeOf).OfType<Purpose>().ToHashSet();
        var back = await pages.taking.TakeBackAsync(link, named.Recording, chosen, culture.TwoLetterISOLanguageName, http, cancellationToken);
        // Its day may have ended just now.
        if (await pages.door.VisitAsync(http, id, cancellationToken) is not var (_, now))
            return new NoSuchPage();
        return PageAnswers.Page<OwnPage>(await pages.ModelAsync(http, link, now, culture, cancellationToken) with { TookBack = (named.Recording.Participant, back.Count) });
    }

    private static RazorComponentResult<AskOwnPage> Answer(HttpContext http, AskOwnPageModel model, int status = StatusCodes.Status200OK)
    {
        // What it shows depends on the reader's language.
        http.Response.Headers.Vary = "Accept-Language";
        return PageAnswers.Page<AskOwnPage>(model, status);
    }

    /// <summary>In a scope of its own: whoever reads may be signed in elsewhere.</summary>
    private async Task<AskOwnPageModel?> AskModelAsync(Guid tenantId, HttpContext http, CancellationToken cancellationToken)
    {
        if (tenantId == Guid.Empty)
            return null;
        await using var scope = system.Enter(tenantId);
        if (!await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Tenants.AnyAsync(cancellationToken))
            return null;
        return new AskOwnPageModel
        {
            Frame = frames.ForVisitor(http) with
            {
                Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage),
                TenantName = await scope.ServiceProvider.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken),
            },
            TenantId = tenantId,
            CanMail = outbox.IsConfigured,
        };
    }

    private async Task<OwnPageModel> ModelAsync(HttpContext http, OwnRecordingsLink link, FoundOwn found, CultureInfo culture, CancellationToken cancellationToken) => new()
    {
        Frame = frames.ForVisitor(http) with { Culture = culture, TenantName = await frames.TenantNameAsync(cancellationToken) },
        LinkId = link.Id,
        Name = found.Name,
        Recordings = [.. found.Recordings.Select(one => new OwnLine(
            one.Recording.Participant,
            one.WasAsked ? one.Recording.Title : null,
            one.Recording.RecordedAt,
            one.RecordedBy,
            one.Recording.TrashedAt is not null,
            [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), one.Recording.Consents[purpose.Name()]))]))],
        IsCut = found.IsCut,
    };
}
