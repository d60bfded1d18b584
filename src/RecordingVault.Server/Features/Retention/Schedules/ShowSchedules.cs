using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>/retention/schedules and its forms. The first button shows what a rule would do, the second does it, as long as it is what was shown.</summary>
internal static class ShowSchedules
{
    public static async Task<IResult> List(HttpContext http, SchedulePages pages, CancellationToken cancellationToken) => PageAnswers.Page<SchedulesPage>(await pages.ListAsync(http, cancellationToken));

    public static async Task<IResult> New(Guid? recording, HttpContext http, SchedulePages pages, CancellationToken cancellationToken) =>
        await pages.NewAsync(recording, http, cancellationToken) is { } model ? PageAnswers.Page<ScheduleFormPage>(model) : new NoSuchPage();

    public static async Task<IResult> One(Guid id, HttpContext http, SchedulePages pages, CancellationToken cancellationToken) =>
        await pages.OneAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<ScheduleFormPage>(model) : new NoSuchPage();

    public static async Task<IResult> Make(HttpContext http, SchedulePages pages, SchedulePreview preview, ScheduleMaking making, ScheduleBook book, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } posted)
            return Problem.NoForm.ToResult();
        var form = Read(posted);
        var recording = form.For.StartsWith("recording:", StringComparison.Ordinal) && Guid.TryParseExact(form.For[10..], "D", out var id) ? id : (Guid?)null;
        if (await pages.NewAsync(recording, http, cancellationToken) is not { } empty)
            return new NoSuchPage();
        var model = empty with { Form = form };
        var shown = Shown(form, removes: false, await book.GenerationAsync(cancellationToken));
        if (posted["do"] != "make" || posted["shown"] != shown)
            return await PreviewAsync(model with { Shown = shown, IsShownAgain = posted["do"] == "make" }, preview, cancellationToken);
        var (_, problem) = await making.MakeAsync(Request(form), http, cancellationToken);
        return problem is null ? TypedResults.LocalRedirect(recording is { } alone ? $"/recordings/{alone}/retention" : SchedulePages.Path) : await RefuseAsync(model with { Shown = shown }, problem, preview, cancellationToken);
    }

    public static async Task<IResult> Change(Guid id, HttpContext http, SchedulePages pages, SchedulePreview preview, ScheduleChanging changing, ScheduleBook book, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } posted)
            return Problem.NoForm.ToResult();
        if (await pages.OneAsync(id, http, cancellationToken) is not { } there)
            return new NoSuchPage();
        var what = posted["do"];
        var removes = what is "preview-removal" or "remove";
        // For whom it is, and from when it counts, is not the form's to say.
        var form = removes ? there.Form with { Reason = posted["reason"] } : Read(posted) with { For = there.Form.For, Trigger = there.Form.Trigger };
        var shown = Shown(form, removes, await book.GenerationAsync(cancellationToken));
        var model = there with { Form = form, Shown = shown, IsRemoving = removes };
        if (what is not ("save" or "remove") || posted["shown"] != shown)
            return await PreviewAsync(model with { IsShownAgain = what is "save" or "remove" }, preview, cancellationToken);
        var (waits, problem) = removes
            ? await changing.RemoveAsync(id, form.Reason, http, cancellationToken)
            : NumberOf(form.Grace) is not { } grace ? (null, ScheduleProblems.NoGrace)
            : await changing.ChangeAsync(
                id, new ChangeScheduleRequest(form.Name, JsonSerializer.SerializeToElement(form.KeepAtLeast), JsonSerializer.SerializeToElement(form.DisposeAfter), form.Action, grace, form.Reason), http, cancellationToken);
        return problem is null ? TypedResults.LocalRedirect(waits is { } change ? $"{SchedulePages.ChangesPath}/{change}" : SchedulePages.Path) : await RefuseAsync(model, problem, preview, cancellationToken);
    }

    private static async Task<IResult> PreviewAsync(ScheduleFormPageModel model, SchedulePreview preview, CancellationToken cancellationToken)
    {
        var (found, problem) = await FoundAsync(model, preview, cancellationToken);
        return problem is null ? PageAnswers.Page<ScheduleFormPage>(model with { Preview = found }) : Refused(model, problem);
    }

    /// <summary>The form again with what is wrong, and what it would do, so that the second button is there still.</summary>
    private static async Task<IResult> RefuseAsync(ScheduleFormPageModel model, Problem problem, SchedulePreview preview, CancellationToken cancellationToken) =>
        Refused(model with { Preview = (await FoundAsync(model, preview, cancellationToken)).Found }, problem);

    private static RazorComponentResult<ScheduleFormPage> Refused(ScheduleFormPageModel model, Problem problem) => PageAnswers.Page<ScheduleFormPage>(
        model with { Error = problem.Sentence, ErrorField = problem.Field, NeedsSignIn = problem == Problem.FreshSignIn || problem == Problem.SecondFactorFirst }, problem.Status);

    private static async Task<(PreviewResponse? Found, Problem? Problem)> FoundAsync(ScheduleFormPageModel model, SchedulePreview preview, CancellationToken cancellationToken)
    {
        var wish = Request(model.Form);
        if (!model.IsRemoving && wish.GraceInDays is null)
            return (null, ScheduleProblems.NoGrace);
        return await preview.OfAsync(
            new PreviewRequest(model.Id, model.IsRemoving, wish.Name, wish.Scope, wish.Target, wish.Trigger, wish.KeepAtLeast, wish.DisposeAfter, wish.Action, wish.GraceInDays), cancellationToken);
    }

    private static ScheduleRequest Request(ScheduleForm form)
    {
        var parts = form.For.Split(':', 2);
        return new ScheduleRequest(form.Name, parts[0], parts.Length == 2 ? parts[1] : null, form.Trigger, form.KeepAtLeast, form.DisposeAfter, form.Action, NumberOf(form.Grace) ?? (form.Grace.Trim().Length == 0 ? null : -1), form.Reason);
    }

    private static ScheduleForm Read(PostedForm form) => new(
        form["name"], form["for"], form["trigger"], form["keep-count"], form["keep-unit"], form["dispose-count"], form["dispose-unit"], form["action"], form["grace"], form["reason"]);

    /// <summary>What was shown holds for this rule among these rules, whatever it is called and why.</summary>
    private static string Shown(ScheduleForm form, bool removes, int generation) =>
        string.Join('|', removes ? "removes" : "", form.For, form.Trigger, form.KeepAtLeast, form.DisposeAfter, form.Action, form.Grace.Trim(), generation.ToString(CultureInfo.InvariantCulture));

    private static int? NumberOf(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>/retention/changes/{id}.</summary>
internal static class ShowChange
{
    public static async Task<IResult> One(Guid id, HttpContext http, SchedulePages pages, CancellationToken cancellationToken) =>
        await pages.ChangeAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<ChangePage>(model) : new NoSuchPage();

    public static async Task<IResult> Decide(Guid id, HttpContext http, SchedulePages pages, ChangeDeciding deciding, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var refusal = form["decision"] == "take-back" ? await deciding.TakeBackAsync(id, http, cancellationToken) : await deciding.DecideAsync(id, form["decision"], form["word"], http, cancellationToken);
        if (refusal is null)
            return TypedResults.LocalRedirect($"{SchedulePages.ChangesPath}/{id}");
        if (await pages.ChangeAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Word = form["word"] };
        return PageAnswers.Page<ChangePage>(
            refusal.Field is "word"
                ? model with { WordError = refusal.Sentence }
                : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst },
            refusal.Status);
    }
}

/// <summary>GET /recordings/{id}/retention: why it is kept until its date.</summary>
internal static class ShowKeeping
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, SchedulePages pages, CancellationToken cancellationToken) =>
        await pages.KeepingAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<KeepingPage>(model) : new NoSuchPage();
}
