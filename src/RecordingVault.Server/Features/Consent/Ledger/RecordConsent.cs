using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>POST /api/v1/recordings/{id}/consents, and the form of the page of consent, which records one answer for several purposes.</summary>
internal static class RecordConsent
{
    public static async Task<Results<Created<ConsentResponse>, ProblemHttpResult>> Handle(
        Guid id, RecordConsentRequest request, HttpContext http, ConsentLedger ledger, ConsentReading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        // Another tenant's recording is not there, whatever is sent.
        if (!await reading.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        var (wanted, wrong) = NewConsent.Read(request, time.Now());
        if (wanted is null)
            return wrong!.ToResult();
        var (written, refusal) = await ledger.RecordAsync(id, [wanted], http.Actor(), cancellationToken);
        return refusal is not null
            ? refusal.ToResult()
            : TypedResults.Created($"/api/v1/recordings/{id}/consents", (await reading.OpenAsync(id, written, cancellationToken))[0]);
    }

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, ConsentPages pages, ConsentLedger ledger, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        Guid? person = Guid.TryParseExact(form["participant"], "D", out var named) ? named : null;
        if (await pages.ModelAsync(id, person, cursor: null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var purposes = ConsentWords.Recorded.Select(purpose => purpose.Name()).Where(purpose => form[$"for-{purpose}"].Length > 0).ToList();
        var said = new ConsentAnswer(purposes, form["status"], form["method"], form["when"], form["seconds"], form["note"], form["lawfulBasis"]) { Until = form["until"] };
        model = model with { Answer = said };
        if (model.Person is null)
            return Refused(model, ConsentProblems.NobodyOfThisId);
        if (purposes.Count == 0)
            return Refused(model, Problem.Invalid("purpose", "tick at least one use."));
        if (!TryTime(form["when"], form["zone"], out var at))
            return Refused(model, Problem.Invalid("at", "choose a day and a time, such as 24 November 2026, 09:30, or leave it empty for now."));
        if (!SpokenAt.TryRead(form["seconds"], out var seconds))
            return Refused(model, Problem.Invalid("seconds", "say it as minutes and seconds, such as 12:40."));
        if (!SpokenAt.TryRead(form["until"], out var until))
            return Refused(model, Problem.Invalid("untilSeconds", "say it as minutes and seconds, such as 12:52."));
        var wanted = new List<NewConsent>();
        foreach (var purpose in purposes)
        {
            var (one, wrong) = NewConsent.Read(
                new RecordConsentRequest(person, purpose, form["status"], form["method"], at, seconds, form["note"], form["lawfulBasis"] is { Length: > 0 } basis ? basis : null, UntilSeconds: until), time.Now());
            if (one is null)
                return Refused(model, wrong!);
            wanted.Add(one);
        }

        var (_, refusal) = await ledger.RecordAsync(id, wanted, http.Actor(), cancellationToken);
        return refusal is null ? TypedResults.LocalRedirect($"/recordings/{id}/consent?person={person}") : Refused(model, refusal);
    }

    private static RazorComponentResult<ConsentPage> Refused(ConsentPageModel model, Problem problem) =>
        PageAnswers.Page<ConsentPage>(model with { ErrorField = problem.Field, Error = problem.Sentence }, problem.Status);

    /// <summary>Nothing is now; else a time as the field has it, in the zone that the page's script sends, or UTC.</summary>
    private static bool TryTime(string text, string zone, out DateTimeOffset? time)
    {
        time = null;
        if (text.Length == 0)
            return true;
        if (!ZonedDays.TryZone(zone, out var clocks) || !DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) || wall.Year is < 1970 or > 9000)
            return false;
        time = ZonedDays.At(wall, clocks);
        return true;
    }
}
