using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>The page that adds several people. Its one form carries the list through the preview, so what is added is what stands there, read anew.</summary>
internal sealed class ImportPages(ConsentReading reading, ISpeakerNames speakers, PeopleImport import, RecordingTitles titles, PageFrames frames)
{
    public const string Path = "/recordings/{id:guid}/consent/people";

    public static async Task<IResult> Show(Guid id, HttpContext http, ImportPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<ImportPage>(model) : new NoSuchPage();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, ImportPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        return form["step"] == "speakers" ? await pages.AddSpeakersAsync(model, form.All("speaker"), http, cancellationToken) : await pages.AddListAsync(model, form, http, cancellationToken);
    }

    private async Task<IResult> AddListAsync(ImportPageModel model, PostedForm form, HttpContext http, CancellationToken cancellationToken)
    {
        model = model with { Kind = form["kind"], Text = form["text"] };
        if (ConsentWords.Of(ListText.Kinds, form["kind"]) is not { } source)
            return Refused(model, Problem.Invalid("kind", "say what kind of list it is."));
        var (list, wrong) = ListText.Read(source, form["text"]);
        if (list is null)
            return Refused(model, wrong!);
        if (form["step"] == "add" && list.Errors.Count == 0)
            return await AddAsync(model, list, source, http, cancellationToken) is { } refusal ? Refused(model, refusal) : Done(model.Id);
        return await import.PreviewAsync(model.Id, list, cancellationToken) is not { } plan
            ? new NoSuchPage()
            : PageAnswers.Page<ImportPage>(model with
            {
                Lines = [.. plan.Rows.Select(row => new ImportLine(row.Line, row.Name, row.Email, ConsentWords.Name(row.State), row.IsRecorded, null))
                    .Concat(list.Errors.Select(error => new ImportLine(error.Line, "", null, "wrong", IsConsent: false, $"{error.Column}: {error.Cure}"))).OrderBy(line => line.Line)],
                Added = plan.Added,
                Consents = plan.Consents,
            }, list.Errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    private async Task<IResult> AddSpeakersAsync(ImportPageModel model, IReadOnlyList<string> names, HttpContext http, CancellationToken cancellationToken)
    {
        // Only those that the page offers: what somebody makes up is a list of his own.
        var chosen = model.Speakers.Where(name => names.Contains(name, StringComparer.Ordinal)).ToList();
        var (list, _) = ListText.Read(ParticipantSource.Captions, string.Join('\n', chosen));
        if (list is null)
            return PageAnswers.Page<ImportPage>(model with { SpeakerError = "Tick whom you want to add." }, StatusCodes.Status400BadRequest);
        if (list.Errors.Count > 0)
            return PageAnswers.Page<ImportPage>(model with { SpeakerError = list.Errors[0].Cure }, StatusCodes.Status400BadRequest);
        return await AddAsync(model, list, ParticipantSource.Captions, http, cancellationToken) is { } refusal
            ? PageAnswers.Page<ImportPage>(model with { SpeakerError = refusal.Sentence }, refusal.Status) : Done(model.Id);
    }

    private async Task<Problem?> AddAsync(ImportPageModel model, ImportedList list, ParticipantSource source, HttpContext http, CancellationToken cancellationToken) =>
        (await import.ApplyAsync(model.Id, list, source, http.Actor(), cancellationToken)).Problem;

    private async Task<ImportPageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken) =>
        !await reading.IsThereAsync(id, cancellationToken) ? null : new ImportPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Id = id,
            Title = (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) ?? "",
            Speakers = await ImportParticipants.NewSpeakersAsync(id, http, reading, speakers, cancellationToken),
        };

    private static RazorComponentResult<ImportPage> Refused(ImportPageModel model, Problem problem) => PageAnswers.Page<ImportPage>(model with { Error = problem.Sentence }, problem.Status);

    private static RedirectHttpResult Done(Guid id) => TypedResults.LocalRedirect($"/recordings/{id}/consent");
}
