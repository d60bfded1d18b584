using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>A member lets an authenticator app make codes for him. It counts when the app has shown one; then ten recovery codes are shown, this once.</summary>
internal static class SetUpAuthenticator
{
    public const string Path = SettingsPaths.Security + "/authenticator";

    public static async Task<RazorComponentResult<AuthenticatorPage>> Show(HttpContext http, AuthenticatorAnswer answer, CancellationToken cancellationToken) =>
        await answer.OfferAsync(http, TimeCode.NewSeed(), cancellationToken);

    public static async Task<Results<RazorComponentResult<AuthenticatorPage>, RazorComponentResult<RecoveryCodesPage>, RedirectHttpResult, ProblemHttpResult>> Handle(
        HttpContext http, OfferedSeeds offers, AuthenticatorChange change, AuthenticatorAnswer answer, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (offers.Find(http.User.SessionId()!.Value, form["seed"]) is not { } seed)
            return TypedResults.LocalRedirect(Path);
        if (TimeCode.Check(form["code"], seed, lastStep: null, time.Now()) is not { } step)
            return await answer.WrongAsync(http, seed, cancellationToken);
        var (codes, refused) = await change.TakeAsync(http, seed, step, cancellationToken);
        return refused is not null ? refused.ToResult() : answer.Codes(http, codes, isNew: true);
    }
}

/// <summary>POST …/authenticator/remove: codes are asked no more. Removing what is not there changes nothing.</summary>
internal static class RemoveAuthenticator
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(HttpContext http, MemberFactors factors, AuthenticatorChange change, CancellationToken cancellationToken)
    {
        var standing = await factors.ReadAsync(http.User.MemberId(), cancellationToken);
        return standing.HasAuthenticator && await change.DropAsync(http, cancellationToken) is { } refused ? refused.ToResult() : TypedResults.LocalRedirect(SettingsPaths.Security);
    }
}

/// <summary>What setting up and removing an authenticator do to the account.</summary>
internal sealed class AuthenticatorChange(OwnAccountChange changes, RecoveryCodeMaking making, MemberFactors factors, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>With the app come new recovery codes; those before are good for nothing any more.</summary>
    public async Task<(IReadOnlyList<string> Codes, Problem? Refused)> TakeAsync(HttpContext http, byte[] seed, long step, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> codes = [];
        var refused = await changes.MakeAsync(http, new WantedAccountChange("authenticator.added", MemberNotice.SecondFactorOn)
        {
            ShowsSecondFactor = true,
            ApplyAsync = async (member, cancelled) =>
            {
                codes = await making.ReplaceAsync(member.Id, cancelled);
                member.TakeAuthenticator(AuthenticatorSeed.Seal(keyring, member.Id, seed), step, time.Now());
                return null;
            },
        }, cancellationToken);
        return (codes, refused);
    }

    public Task<Problem?> DropAsync(HttpContext http, CancellationToken cancellationToken) =>
        changes.MakeAsync(http, new WantedAccountChange("authenticator.removed", MemberNotice.SecondFactorOff)
        {
            ApplyAsync = async (member, cancelled) =>
            {
                if (member.TotpSeed is null)
                    return Problem.NotFound;
                if (await factors.CheckRemovalAsync(member.Id, cancelled) is { } last)
                    return last;
                member.DropAuthenticator();
                await making.DropWithoutPasskeyAsync(member.Id, cancelled);
                return null;
            },
        }, cancellationToken);
}

internal sealed class AuthenticatorAnswer(PageFrames frames, PublicAddress address, MemberDirectory directory, OfferedSeeds offers)
{
    public async Task<RazorComponentResult<AuthenticatorPage>> OfferAsync(HttpContext http, byte[] seed, CancellationToken cancellationToken) =>
        PageAnswers.Page<AuthenticatorPage>(await ModelAsync(http, seed, cancellationToken));

    public async Task<RazorComponentResult<AuthenticatorPage>> WrongAsync(HttpContext http, byte[] seed, CancellationToken cancellationToken) => PageAnswers.Page<AuthenticatorPage>(
        await ModelAsync(http, seed, cancellationToken) with { Error = "This code does not fit. Look whether the clocks of app and server agree, and take the next one." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<RecoveryCodesPage> Codes(HttpContext http, IReadOnlyList<string> codes, bool isNew) => PageAnswers.Page<RecoveryCodesPage>(new RecoveryCodesPageModel
    {
        Frame = frames.ForVisitor(http),
        HostName = address.HostName(http.Request),
        Codes = codes,
        IsAuthenticatorNew = isNew,
    });

    private async Task<AuthenticatorPageModel> ModelAsync(HttpContext http, byte[] seed, CancellationToken cancellationToken)
    {
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        var host = address.HostName(http.Request);
        return new AuthenticatorPageModel
        {
            Frame = frames.ForVisitor(http),
            HostName = host,
            SealedSeed = offers.Offer(http.User.SessionId()!.Value, seed),
            SeedText = TimeCode.Text(seed),
            SetupUri = TimeCode.SetupUri($"RecordingVault {host}", member.Email!, seed),
            IsReplacing = member.TotpSeed is not null,
        };
    }
}
