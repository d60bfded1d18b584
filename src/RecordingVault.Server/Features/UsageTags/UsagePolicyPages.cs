using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>GET and POST /settings/organisation/use: what machines may do with all recordings at the most. Everybody reads it; Owners and Admins change it.</summary>
internal sealed class UsagePolicyPages(UsagePolicyChange change, ProcessorBook processors, PageFrames frames)
{
    public const string Path = SettingsPaths.Organisation + "/use";

    public static async Task<IResult> Show(HttpContext http, UsagePolicyPages pages, CancellationToken cancellationToken) =>
        PageAnswers.Page<UsagePolicyPage>(await pages.ModelAsync(http, cancellationToken));

    public static async Task<IResult> HandleForm(HttpContext http, UsagePolicyPages pages, UsagePolicyChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var needed = UsageWords.UseNames.Where(use => form[$"consent-{use}"].Length > 0).ToList();
        // The box is on an Owner's page alone: of whoever was not asked, silence is no answer.
        bool? approval = http.User.RoleInTenant() is Role.Owner ? form["approval"].Length > 0 : null;
        if (await change.ApplyAsync(new UsagePolicyRequest(form["tag"], needed, form["reason"], approval), http, cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect(Path);
        var model = await pages.ModelAsync(http, cancellationToken) with { Tag = UsageTag.Parse(form["tag"])?.Name ?? "", NeedConsent = needed, Approval = approval is true, Reason = form["reason"] };
        return PageAnswers.Page<UsagePolicyPage>(
            refusal.Field is "reason"
                ? model with { ReasonError = refusal.Sentence }
                : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst },
            refusal.Status);
    }

    /// <summary>The page again, with what stands in the way of naming a processor.</summary>
    public async Task<IResult> RefusedAsync(HttpContext http, Problem refusal, PostedForm form, CancellationToken cancellationToken)
    {
        var model = await ModelAsync(http, cancellationToken) with { ProcessorName = form["name"], ProcessorReason = form["reason"] };
        return PageAnswers.Page<UsagePolicyPage>(
            refusal.Field switch
            {
                "name" => model with { ProcessorNameError = refusal.Sentence },
                "reason" => model with { ProcessorReasonError = refusal.Sentence },
                _ => model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst },
            },
            refusal.Status);
    }

    private async Task<UsagePolicyPageModel> ModelAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var policy = await change.ReadAsync(cancellationToken);
        return new UsagePolicyPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Tag = policy.Tag,
            NeedConsent = policy.NeedConsent,
            Processors = await processors.ReadAsync(cancellationToken),
            MayChange = UsageProblems.MayLoosen(http.User.RoleInTenant()),
            Approval = policy.Approval,
            MayDecideApproval = http.User.RoleInTenant() is Role.Owner,
            Tags = [.. UsageTag.All.Reverse().Select(tag => new UsagePolicyTag(tag.Name, tag.Statement))],
        };
    }
}
