using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <summary>GET and POST /settings/organisation/consent?label={label}. Everybody reads it; Owners and Admins change it.</summary>
internal sealed class ConsentPolicyPages(ConsentQuestion question, PageFrames frames)
{
    public const string Path = SettingsPaths.Organisation + "/consent";

    public static async Task<IResult> Show(string? label, HttpContext http, ConsentPolicyPages pages, CancellationToken cancellationToken) =>
        PageAnswers.Page<ConsentPolicyPage>(await pages.ModelAsync(RecordingNames.LabelOf(label), http, cancellationToken));

    public static async Task<IResult> HandleForm(HttpContext http, ConsentPolicyPages pages, ConsentPolicyChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var label = RecordingNames.LabelOf(form["label"]);
        if (await change.ApplyAsync(before => Changed(before, label, form), form["reason"], http, cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect(ConsentPolicyPageModel.Address(label?.Name()));
        var model = await pages.ModelAsync(label, http, cancellationToken) with
        {
            Lines = [.. ConsentPolicy.Purposes.Select(purpose => new ConsentPolicyLine(purpose.Name(), form[$"needs-{purpose.Name()}"], form[$"missing-{purpose.Name()}"]))],
            Reason = form["reason"],
        };
        return PageAnswers.Page<ConsentPolicyPage>(
            refusal.Field is "reason"
                ? model with { ReasonError = refusal.Sentence }
                : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst },
            refusal.Status);
    }

    /// <summary>The page again, with what is wrong beside the region's fields.</summary>
    public async Task<IResult> RefuseRegionAsync(Problem problem, Func<ConsentPolicyPageModel, ConsentPolicyPageModel> filled, HttpContext http, CancellationToken cancellationToken)
    {
        var needsSignIn = problem == Problem.FreshSignIn || problem == Problem.SecondFactorFirst;
        var model = filled(await ModelAsync(label: null, http, cancellationToken));
        return PageAnswers.Page<ConsentPolicyPage>(
            needsSignIn ? model with { Error = problem.Sentence, NeedsSignIn = true } : model with { RegionError = problem.Sentence }, problem.Status);
    }

    private static ConsentPolicy Changed(ConsentPolicy before, ConfidentialityLabel? label, PostedForm form)
    {
        var rules = new Dictionary<(ConfidentialityLabel? Label, Purpose Purpose), PurposeRule>(before.Rules);
        foreach (var purpose in ConsentPolicy.Purposes)
        {
            rules.Remove((label, purpose));
            if (ConsentWords.Of(Enum.GetValues<ConsentNeed>(), form[$"needs-{purpose.Name()}"]) is { } needs)
                rules[(label, purpose)] = new PurposeRule(needs, ConsentWords.Of(Enum.GetValues<WhenMissing>(), form[$"missing-{purpose.Name()}"]) ?? WhenMissing.Refuse);
        }

        return before with { Rules = rules };
    }

    private async Task<ConsentPolicyPageModel> ModelAsync(ConfidentialityLabel? label, HttpContext http, CancellationToken cancellationToken)
    {
        var policy = await question.PolicyAsync(cancellationToken);
        return new ConsentPolicyPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Label = label?.Name(),
            MayChange = http.User.RoleInTenant() is Role.Owner or Role.Admin,
            Lines = [.. ConsentPolicy.Purposes.Select(purpose => Line(policy, label, purpose))],
            Regions = ConsentPolicyResponse.Of(policy).Regions,
        };
    }

    private static ConsentPolicyLine Line(ConsentPolicy policy, ConfidentialityLabel? label, Purpose purpose)
    {
        var rule = policy.Rules.GetValueOrDefault((label, purpose)) ?? (label is null ? PurposeRule.Default : null);
        return new ConsentPolicyLine(purpose.Name(), rule is null ? "" : ConsentWords.Name(rule.Needs), ConsentWords.Name(rule?.WhenMissing ?? WhenMissing.Refuse));
    }
}
