using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>The member's page of asking. Its form answers with the same page and the links on it, never with a redirect: they are shown once.</summary>
internal sealed class AskPages(VaultDbContext db, RecordingReading recordings, RequestMaking making, RequestReading reading, Outbox outbox, PageFrames frames, TimeProvider time)
{
    /// <summary>What stands below the form; whoever wants all of them asks the API.</summary>
    private const int MostShown = 100;

    public static async Task<IResult> Show(Guid id, HttpContext http, AskPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<AskPage>(model) : new NoSuchPage();

    public static async Task<IResult> Ask(Guid id, HttpContext http, AskPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        return await pages.AskAsync(id, form, http, cancellationToken);
    }

    private async Task<IResult> AskAsync(Guid id, PostedForm form, HttpContext http, CancellationToken cancellationToken)
    {
        if (await ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var people = form.All("participant").Select(text => Guid.TryParseExact(text, "D", out var person) ? person : Guid.Empty).ToList();
        var uses = form.All("use");
        var days = int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 366 ? count : 0;
        var filled = model with
        {
            People = [.. model.People.Select(person => person with { IsTicked = people.Contains(person.Id) })],
            Uses = [.. model.Uses.Select(use => (use.Name, uses.Contains(use.Name, StringComparer.Ordinal)))],
            Days = days == 0 ? model.Days : days,
            MayWatch = form["mayWatch"] == "true",
            Note = form["note"],
            ByHand = form["byHand"] == "true",
        };
        if (people.Count == 0)
            return Refused(filled, Problem.Invalid("participants", "tick whom you want to ask."));
        if (uses.Count == 0)
            return Refused(filled, Problem.Invalid("purposes", "tick at least one use."));
        if (days == 0)
            return Refused(filled, Problem.Invalid("expiresAt", "choose how long you wait for an answer: 1 to 366 days."));
        var (made, refusal) = await making.MakeAsync(id, new AskRequest(people, uses, time.Now().AddDays(days), filled.MayWatch, filled.Note, filled.ByHand), http, cancellationToken);
        if (refusal is not null)
            return Refused(filled, refusal);
        var names = model.People.ToDictionary(person => person.Id, person => person.Name);
        var fresh = await ModelAsync(id, http, cancellationToken) ?? model;
        return PageAnswers.Page<AskPage>(fresh with
        {
            Made = [.. made.Select(one => new MadeQuestion(one.Request.Id, names.GetValueOrDefault(one.Request.ParticipantId, ""), one.Request.IsMailed ? null : $"{reading.UrlOf(http.Request, one.Request.Id)}#{SecretToken.ToText(one.Secret)}"))],
        });
    }

    private static RazorComponentResult<AskPage> Refused(AskPageModel model, Problem problem) => PageAnswers.Page<AskPage>(model with { Error = problem.Sentence }, problem.Status);

    private async Task<AskPageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await recordings.FindAsync(id, cancellationToken) is not { } recording)
            return null;
        var rows = await db.ConsentRequests.AsNoTracking().Where(request => request.RecordingId == id).OrderByDescending(request => request.CreatedAt).ThenBy(request => request.Id).Take(MostShown).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(request => request.Id);
        var receipts = (await db.ConsentReceipts.AsNoTracking().Where(receipt => ids.Contains(receipt.RequestId)).Select(receipt => new { receipt.Id, receipt.RequestId, receipt.CreatedAt }).ToListAsync(cancellationToken))
            .ToLookup(receipt => receipt.RequestId);
        var names = recording.Participants.ToDictionary(person => person.Id, person => person.Name);
        var now = time.Now();
        return new AskPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            RecordingId = id,
            Title = recording.Title,
            People = [.. recording.Participants.Select(person => new AskedPerson(person.Id, person.Name, person.Email is { Length: > 0 }, IsTicked: !rows.Exists(request => request.ParticipantId == person.Id && request.AnsweredAt is not null)))],
            Uses = [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), true))],
            HasMail = outbox.IsConfigured,
            Asked = [.. rows.Select(request => new AskedQuestion(
                request.Id, names.GetValueOrDefault(request.ParticipantId, "Somebody who is not named here any more"), request.StateAt(now).ToString().ToLowerInvariant(), request.CreatedAt, request.ExpiresAt, request.AnsweredAt,
                receipts[request.Id].OrderByDescending(receipt => receipt.CreatedAt).Select(receipt => (Guid?)receipt.Id).FirstOrDefault()) { IsMailed = request.IsMailed, IsStopped = request.StoppedAt is not null, RemindedAt = request.RemindedAt })],
        };
    }
}
