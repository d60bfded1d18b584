using System.Globalization;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export.Listing;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Export.Asking;

/// <summary>A package of one recording or of several, asked for by a form that needs no script. What the gate refuses is a page that says why and what may be done.</summary>
internal static class AskExport
{
    /// <summary>What the library's bar leads to, and other pages that have chosen. Posted, because the ids would make a long address; it changes nothing.</summary>
    public const string ChosenPath = "/recordings/chosen/export";

    public static readonly Problem TooMany = new("too-many-to-export", 400, "At most 50 recordings become one package. Go back to the library and choose fewer, or export everything.");

    public static async Task<IResult> AskForOne(Guid id, HttpContext http, AskPages pages, CancellationToken cancellationToken) =>
        await pages.AskAsync(http, [id], new AskedTerms(), cancellationToken) is { } model ? PageAnswers.Page<AskExportPage>(model) : new NoSuchPage();

    /// <summary>GET /recordings/chosen/export: back from the page where somebody showed again who he is, with what he had chosen.</summary>
    /// <param name="recordings">Ids of 32 hexadecimal digits, with a tilde between them: fifty of them have to fit into an address to come back to.</param>
    public static async Task<IResult> AskForChosenAgain(string? recordings, HttpContext http, AskPages pages, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(recordings))
            return ChosenRecordings.NoneChosen.ToResult();
        List<Guid> ids = [.. recordings.Split('~').Select(text => Guid.TryParseExact(text, "N", out var id) ? id : Guid.Empty).Distinct()];
        if (ids.Count > ExportOrdering.MostRecordings)
            return TooMany.ToResult();
        return await pages.AskAsync(http, ids, new AskedTerms(), cancellationToken) is { } model ? PageAnswers.Page<AskExportPage>(model) : new NoSuchPage();
    }

    public static async Task<IResult> AskForChosen(HttpContext http, AskPages pages, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return TypedResults.LocalRedirect(FreshSignIn.PageBefore($"{ChosenPath}?recordings={string.Join('~', ids.Select(id => id.ToString("N")))}"));
        return await pages.AskAsync(http, ids, AskedTerms.Of(form), cancellationToken) is { } model ? PageAnswers.Page<AskExportPage>(model) : new NoSuchPage();
    }

    /// <summary>POST /exports: every recording may leave, or the page says which may not; with <c>others</c> those are left out.</summary>
    public static async Task<IResult> Make(HttpContext http, AskPages pages, ExportOrdering ordering, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        var terms = AskedTerms.Of(form);
        var request = terms.For(ids, time.Now());
        if (await pages.AskAsync(http, ids, terms, cancellationToken) is not { } model)
            return new NoSuchPage();
        // Whoever took his time over the form keeps what he filled in.
        if (FreshSignIn.Check(http, time.GetUtcNow()) is { } stale)
            return PageAnswers.Page<AskExportPage>(model with { SignInWhy = AskPages.WhySignIn(stale) }, stale.Status);
        if (ExportOrdering.Check(request, time.Now()) is { } unfit)
            return PageAnswers.Page<AskExportPage>(model with { Error = unfit.Sentence, ErrorField = unfit.Field }, unfit.Status);
        if (await ordering.LookAsync(ExportOrdering.Asker(request, http), ids, request.Recipient!.Trim(), cancellationToken) is not { } looked)
            return new NoSuchPage();
        var refused = looked.Where(one => one.Reasons.Count > 0).ToList();
        if (refused.Count == looked.Count || (refused.Count > 0 && form["others"] != "true"))
            return PageAnswers.Page<ExportRefusedPage>(await pages.RefusedAsync(http, model, terms, looked, cancellationToken), refused[0].Reasons[0].Status);
        var (id, refusal) = await ordering.OrderAsync(request, http, looked, cancellationToken);
        return refusal is not null
            ? PageAnswers.Page<AskExportPage>(model with { Error = refusal.Sentence }, refusal.Status)
            : TypedResults.LocalRedirect(ShowExports.PathOf(id));
    }

    private static Problem? Read(PostedForm form, out IReadOnlyList<Guid> ids) => ChosenRecordings.Read(form, out ids) ?? (ids.Count > ExportOrdering.MostRecordings ? TooMany : null);
}

/// <summary>What the form says beside the recordings, as it was sent.</summary>
internal sealed record AskedTerms
{
    public string Purpose { get; init; } = "share-external";

    public string Recipient { get; init; } = "";

    /// <summary>For how many days the licence runs: one of <see cref="AskExportPageModel.Terms"/>, or what somebody sent in its place.</summary>
    public string Days { get; init; } = "365";

    public static AskedTerms Of(PostedForm form) => new()
    {
        Purpose = form["purpose"] is { Length: > 0 } purpose ? purpose : "share-external",
        Recipient = form["recipient"],
        Days = form["licensedDays"] is { Length: > 0 } days ? days : "365",
    };

    public ExportRequest For(IReadOnlyList<Guid> recordings, DateTimeOffset now) => new(recordings, Purpose, Recipient, Format: null, LicensedUntil(now));

    /// <summary>What is no number of days is a time that has passed, so that it is refused by name.</summary>
    public DateTimeOffset LicensedUntil(DateTimeOffset now) => int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3_650 ? now.AddDays(days) : now;
}
