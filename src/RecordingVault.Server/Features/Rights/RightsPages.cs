using System.Globalization;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Contacts.Pages;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Rights;

/// <summary>GET and POST /people/{id}/rights, and POST /erasure-requests/{id}/close.</summary>
internal sealed class RightsPages(ContactReading contacts, LookAlikes alike, ErasureRequests erasures, PageFrames frames, TimeProvider time)
{
    public static async Task<IResult> Show(Guid id, HttpContext http, RightsPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<RightsPage>(model) : new NoSuchPage();

    /// <summary>Whoever signed in a while ago shows first who he is, and comes back to the page.</summary>
    public static async Task<IResult> Fetch(Guid id, HttpContext http, PersonFile file, TimeProvider time, CancellationToken cancellationToken) =>
        FreshSignIn.Check(http, time.GetUtcNow()) is null ? await PersonFile.Handle(id, http, file, cancellationToken) : TypedResults.LocalRedirect(FreshSignIn.PageBefore(PathOf(id)));

    public static async Task<IResult> Open(Guid id, HttpContext http, RightsPages pages, ErasureRequests erasures, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        DateTimeOffset? due = null;
        Problem? wrong = null;
        if (form["dueAt"].Length > 0)
        {
            if (DateOnly.TryParseExact(form["dueAt"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                due = new DateTimeOffset(day.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);
            else
                wrong = Problem.Invalid("dueAt", "give the day as 2026-12-24.");
        }

        wrong ??= (await erasures.OpenAsync(id, receivedAt: null, due, form["note"], http.Actor(), http.User.MemberId(), cancellationToken)).Problem;
        return wrong is null
            ? TypedResults.LocalRedirect(PathOf(id))
            : PageAnswers.Page<RightsPage>(model with { FormDue = form["dueAt"], FormNote = form["note"], ErrorField = wrong.Field, Error = wrong.Sentence }, wrong.Status);
    }

    public static async Task<IResult> Close(Guid id, HttpContext http, RightsPages pages, ErasureRequests erasures, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await erasures.ContactOfAsync(id, cancellationToken) is not { } contactId)
            return new NoSuchPage();
        var refusal = await erasures.CloseAsync(id, form["outcome"], form["word"], http.Actor(), http.User.MemberId(), cancellationToken);
        // The entry may be gone, also with the request that it closed.
        var model = await pages.ModelAsync(contactId, http, cancellationToken);
        if (refusal is null)
            return TypedResults.LocalRedirect(model is null ? ContactPages.Path : PathOf(contactId));
        return model is null
            ? refusal.ToResult()
            : PageAnswers.Page<RightsPage>(model with { WrongRequest = id, FormOutcome = form["outcome"], FormWord = form["word"], ErrorField = refusal.Field, Error = refusal.Sentence }, refusal.Status);
    }

    public static string PathOf(Guid contact) => $"{ContactPages.PathOf(contact)}/rights";

    private async Task<RightsPageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        var (contact, _) = await contacts.FindAsync(id, limit: 1, cursor: null, cancellationToken);
        return contact is null ? null : new RightsPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.People, cancellationToken),
            Id = id,
            Name = contact.Name,
            Recordings = await erasures.NamedInAsync(id, cancellationToken),
            Alike = (await alike.OfAsync(id, cancellationToken)).Count,
            Requests = [.. (await erasures.ListAsync(id, cancellationToken)).Select(one => new ErasureLine(one.Id, one.ReceivedAt, one.DueAt, one.Note, one.Outcome, one.Word, one.ClosedAt))],
            Now = time.Now(),
        };
    }
}
