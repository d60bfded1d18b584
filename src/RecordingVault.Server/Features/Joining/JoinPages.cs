using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>The pages of an invitation, in the reader's language.</summary>
internal sealed class JoinPages(PageFrames frames)
{
    public RazorComponentResult<JoinGatePage> Gate(HttpContext http, JoinRefusal? refused = null) =>
        PageAnswers.Page<JoinGatePage>(
            new JoinGatePageModel(Frame(http), refused),
            refused switch { null => StatusCodes.Status200OK, JoinRefusal.TooManyTries => StatusCodes.Status429TooManyRequests, _ => StatusCodes.Status404NotFound });

    public RazorComponentResult<JoinPage> Show(HttpContext http, ProvedInvitation proved) => Page(Model(http, proved), StatusCodes.Status200OK);

    public RazorComponentResult<JoinPage> Wrong(HttpContext http, ProvedInvitation proved, string name, FieldError wrong) =>
        Page(
            Model(http, proved) with { Name = name, NameError = NameSentence(http, wrong), PasswordError = wrong.SentenceFor("password") ?? wrong.SentenceFor("email") },
            StatusCodes.Status400BadRequest);

    /// <summary>He was too late, or is somebody else: the page says how it stands now.</summary>
    public RazorComponentResult<JoinPage> Late(HttpContext http, ProvedInvitation now) => Page(Model(http, now), StatusCodes.Status409Conflict);

    private static RazorComponentResult<JoinPage> Page(JoinPageModel model, int status) => PageAnswers.Page<JoinPage>(model, status);

    /// <summary>The rule for names says in English what exactly is wrong; in German the page says the whole rule.</summary>
    private static string? NameSentence(HttpContext http, FieldError wrong)
    {
        var culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage);
        return wrong.SentenceFor("name") is not null && !culture.Equals(PublicTexts.English) ? new PublicTexts(culture)["Join.Wrong.name"] : wrong.SentenceFor("name");
    }

    private PageFrame Frame(HttpContext http) => frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };

    private JoinPageModel Model(HttpContext http, ProvedInvitation proved) => new()
    {
        Frame = Frame(http) with { TenantName = proved.TenantName },
        Step = Step(http, proved),
        TenantName = proved.TenantName,
        Role = proved.Role.ToString(),
        Email = proved.Email,
        InvitedBy = proved.InvitedBy,
        Name = proved.Name,
        SignedInAs = http.User.Identity?.Name,
        MinimumPasswordLength = PasswordRule.Shortest,
    };

    /// <summary>How it stands for whoever holds the link at this browser.</summary>
    public static JoinStep Step(HttpContext http, ProvedInvitation proved)
    {
        var signedIn = http.User.SessionId() is null ? (Guid?)null : http.User.MemberId();
        if (proved.IsMember && signedIn is not null && signedIn == proved.AccountId)
            return JoinStep.Joined;
        return proved.State switch
        {
            InvitationState.Accepted => JoinStep.Used,
            InvitationState.Expired => JoinStep.Ended,
            InvitationState.Revoked => JoinStep.Withdrawn,
            _ when signedIn is not null && signedIn != proved.AccountId => JoinStep.OtherAccount,
            _ when proved.Proof is NeededProof.ByThisLink => JoinStep.TakeAccount,
            _ when proved.Proof is NeededProof.ByReset => JoinStep.ResetFirst,
            _ when signedIn is not null => JoinStep.Accept,
            _ => proved.AccountId is null ? JoinStep.NewAccount : JoinStep.SignIn,
        };
    }
}
