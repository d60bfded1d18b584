using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <summary>GET and POST /settings/organisation/consent/words. Everybody reads it; Owners and Admins write versions.</summary>
internal sealed class ConsentWordsPages(VaultDbContext db, ConsentTexts texts, PageFrames frames, TimeProvider time)
{
    public const string Path = ConsentPolicyPages.Path + "/words";

    private const int MostListed = 100;

    public static async Task<IResult> Show(string? version, string? language, HttpContext http, ConsentWordsPages pages, ConsentTexts texts, CancellationToken cancellationToken)
    {
        var model = await pages.ModelAsync(ConsentTexts.Tongue(language) ?? "en", http, cancellationToken);
        if (version is null)
            return PageAnswers.Page<ConsentWordsPage>(model);
        return await texts.FindAsync(version, language, cancellationToken) is { } found
            ? PageAnswers.Page<ConsentWordsPage>(Filled(model, found) with { Look = pages.LookAt(found, model.Frame) })
            : new NoSuchPage();
    }

    /// <summary>With <c>look</c> it is shown as a person would see it, and nothing is written; with <c>back</c> the vault's own words are shown again.</summary>
    public static async Task<IResult> HandleForm(HttpContext http, ConsentWordsPages pages, ConsentTextChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var model = await pages.ModelAsync(form["language"], http, cancellationToken) with { Title = form["title"], Text = form["text"] };
        model = model with { Uses = [.. model.Uses.Select(use => (use.Purpose, form[$"use-{use.Purpose}"], use.Vaults))] };
        if (ConsentTexts.Tongue(form["language"]) is not { } language)
            return Refused(model, Problem.Invalid("language", "give a language tag such as en or de-AT."));
        OwnWords? words = null;
        if (form["back"].Length == 0)
        {
            (words, var wrong) = OwnWords.Read(form["title"], form["text"], model.Uses.Select(use => KeyValuePair.Create(use.Purpose, (string?)use.Sentence)));
            if (wrong is not null)
                return Refused(model, wrong);
            if (form["look"].Length > 0)
                return PageAnswers.Page<ConsentWordsPage>(model with { Look = pages.LookAt(new ShownText("", language, words), model.Frame) });
        }

        var (number, refusal) = await change.WriteAsync(language, words, http, cancellationToken);
        return refusal is not null ? Refused(model, refusal) : TypedResults.LocalRedirect(words is null ? Path : ConsentWordsPageModel.Address(ConsentTexts.VersionOf(number)));
    }

    private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<ConsentWordsPage> Refused(ConsentWordsPageModel model, Problem problem) =>
        PageAnswers.Page<ConsentWordsPage>(model with { ErrorField = problem.Field, Error = problem.Sentence }, problem.Status);

    /// <summary>With the words that are shown now in this language, or the vault's to begin with.</summary>
    private async Task<ConsentWordsPageModel> ModelAsync(string language, HttpContext http, CancellationToken cancellationToken)
    {
        var newest = await texts.NewestAsync(cancellationToken);
        var rows = await db.ConsentTexts.AsNoTracking().OrderByDescending(text => text.Number).Take(MostListed).ToListAsync(cancellationToken);
        var vaults = VaultWords.In(language);
        var model = new ConsentWordsPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            MayChange = http.User.RoleInTenant() is Role.Owner or Role.Admin,
            Language = language,
            Uses = [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), "", vaults.Uses[purpose.Name()]))],
            Versions = [.. rows.Select(row => new ConsentWordsVersion(ConsentTexts.VersionOf(row.Number), row.Language, row.CreatedAt, row.Words is not null, newest.Exists(text => text.Id == row.Id)))],
        };
        var shown = newest.Find(text => text.Language == language && text.Words is not null) is { } own ? await texts.OpenAsync(own, cancellationToken) : new ShownText(VaultWords.Version, language, vaults with { Uses = new Dictionary<string, string>(StringComparer.Ordinal) });
        return Filled(model, shown);
    }

    private static ConsentWordsPageModel Filled(ConsentWordsPageModel model, ShownText shown) => shown.Words is not { } words ? model : model with
    {
        Language = shown.Language,
        Title = words.Title,
        Text = words.Text,
        Uses = [.. model.Uses.Select(use => (use.Purpose, words.Uses.GetValueOrDefault(use.Purpose, ""), use.Vaults))],
    };

    private ConsentWordsLook LookAt(ShownText shown, PageFrame frame)
    {
        var (vaults, now) = (VaultWords.In(shown.Language.Split('-')[0]), time.Now());
        var facts = new QuestionFacts("Anna Lindqvist", frame.TenantName ?? "", "Quarterly review", now.AddDays(-3), now.AddDays(14));
        var words = (shown.Words ?? vaults).Filled(facts, shown.Culture);
        var hints = vaults.Filled(facts, shown.Culture).Uses;
        return new ConsentWordsLook(
            shown.Version.Length == 0 ? null : shown.Version, shown.Language, words.Title, words.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), words.Uses.GetValueOrDefault(purpose.Name(), hints[purpose.Name()])))]);
    }
}
