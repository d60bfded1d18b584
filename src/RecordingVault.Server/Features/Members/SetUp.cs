using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>The first set-up: the one-time secret comes in the link's fragment, the page posts it with the form, and the new owner is signed in.</summary>
internal static class SetUp
{
    public static async Task<RazorComponentResult<SetupPage>> Show(
        HttpContext http, SetupInvitation invitation, MemberDirectory directory, SetupAnswer answer, CancellationToken cancellationToken) =>
        answer.Page(http, !await directory.IsEmptyAsync(cancellationToken) ? SetupState.Finished : invitation.IsOpen ? SetupState.Open : SetupState.WrongSecret);

    public static async Task<Results<RazorComponentResult<SetupDonePage>, RazorComponentResult<SetupPage>, ProblemHttpResult>> Handle(
        HttpContext http, SetupInvitation invitation, FirstOwner first, SetupAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (!invitation.TryTake(form["secret"]))
            return answer.Page(http, SetupState.WrongSecret, StatusCodes.Status403Forbidden);
        try
        {
            var owner = new NewMember(form["email"].Trim(), form["name"].Trim(), form["password"]) { IsAddressProved = true };
            var tenant = form["tenantName"].Trim();
            return await first.CreateAsync(http, tenant, owner, cancellationToken) is { } wrong
                ? answer.Wrong(http, form, wrong)
                : answer.Done(http, tenant);
        }
        finally
        {
            invitation.GiveBack();
        }
    }
}

/// <summary>Makes the vault's first owner and signs him in.</summary>
internal sealed class FirstOwner(SetupInvitation invitation, MemberDirectory directory, VaultCreation creation, SessionDoor door)
{
    private static readonly FieldError SetUpAlready = new("email", "This vault has been set up in the meantime. Sign in instead.");

    public async Task<FieldError?> CreateAsync(HttpContext http, string tenant, NewMember owner, CancellationToken cancellationToken)
    {
        if (!await directory.IsEmptyAsync(cancellationToken))
            return SetUpAlready;
        var actor = http.Stranger() with { Kind = AuditActorKind.Member, Id = owner.Id, Name = owner.Name };
        if (await creation.CreateAsync(tenant, owner, actor, cancellationToken) is { } wrong)
            return wrong;
        // The vault is made: the secret is spent, whatever becomes of this request.
        invitation.UseUp();
        var proved = new ProvedMember(owner.Id, (await directory.GetAsync(owner.Id, CancellationToken.None)).SecurityStamp!);
        await door.OpenAsync(http, proved, actor, CancellationToken.None);
        return null;
    }
}

internal sealed class SetupAnswer(PageFrames frames, PublicAddress address, IOptions<VaultOptions> options)
{
    public RazorComponentResult<SetupPage> Page(HttpContext http, SetupState state, int status = StatusCodes.Status200OK) =>
        PageAnswers.Page<SetupPage>(Model(http) with { State = state }, status);

    public RazorComponentResult<SetupPage> Wrong(HttpContext http, PostedForm form, FieldError wrong) => PageAnswers.Page<SetupPage>(
        Model(http) with
        {
            Secret = form["secret"],
            Name = form["name"],
            Email = form["email"],
            TenantName = form["tenantName"],
            Errors = new SetupErrors
            {
                Name = wrong.SentenceFor("name"),
                Email = wrong.SentenceFor("email"),
                Password = wrong.SentenceFor("password"),
                TenantName = wrong.SentenceFor("tenant"),
            },
        },
        StatusCodes.Status400BadRequest);

    public RazorComponentResult<SetupDonePage> Done(HttpContext http, string tenantName)
    {
        var file = options.Value.Keys.Provider == RootKeyProvider.File ? options.Value.RootKeyPath : null;
        return PageAnswers.Page<SetupDonePage>(new SetupDonePageModel(frames.ForVisitor(http), address.HostName(http.Request), tenantName, file));
    }

    private SetupPageModel Model(HttpContext http) =>
        new() { Frame = frames.ForVisitor(http), HostName = address.HostName(http.Request), MinimumPasswordLength = PasswordRule.Shortest };
}
