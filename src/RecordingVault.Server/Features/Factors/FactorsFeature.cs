using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>By what members show who they are beside their password: codes of an authenticator, recovery codes, and the rule of a tenant that asks for two factors.</summary>
internal static class FactorsFeature
{
    public static IServiceCollection AddFactors(this IServiceCollection services)
    {
        services.AddSingleton<OfferedSeeds>();
        services.AddScoped<RecoveryCodeMaking>();
        services.AddScoped<RecoveryCodeRenewal>();
        services.AddSingleton<RecoveryCodeUse>();
        services.AddScoped<CodeCheck>();
        services.AddScoped<ISecondStep, SecondStep>();
        services.AddScoped<ISecondFactor, AuthenticatorFactor>();
        services.AddScoped<HalfSignInStamps>();
        services.AddScoped<SignInCodeAnswer>();
        services.AddScoped<MemberFactors>();
        services.AddScoped<AuthenticatorChange>();
        services.AddScoped<AuthenticatorAnswer>();
        services.AddScoped<TwoFactorRule>();
        return services;
    }

    public static IEndpointRouteBuilder MapFactors(this IEndpointRouteBuilder routes)
    {
        var onlyForms = new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit);
        var door = routes.MapGroup(SignIn.CodePath).AllowAnonymous().WithMetadata(onlyForms).ExcludeFromDescription();
        door.MapGet("", SignInCode.Show);
        door.MapPost("", SignInCode.Handle).Audited("member.signed-in");

        var own = routes.MapGroup("").RequireAuthorization(Policies.Member, Policies.InPerson).WithMetadata(onlyForms).ExcludeFromDescription();
        own.MapGet(TwoFactorsNeeded.Path, TwoFactorsNeeded.Show).OpensWithOneFactor();
        own.MapGet(SetUpAuthenticator.Path, SetUpAuthenticator.Show).NeedsFreshSignIn(SetUpAuthenticator.Path).OpensWithOneFactor();
        own.MapPost(SetUpAuthenticator.Path, SetUpAuthenticator.Handle).NeedsFreshSignIn(SetUpAuthenticator.Path).OpensWithOneFactor().Audited("authenticator.added");
        own.MapPost(SetUpAuthenticator.Path + "/remove", RemoveAuthenticator.Handle).NeedsFreshSignIn(SettingsPaths.Security).Audited("authenticator.removed");
        own.MapPost(MakeRecoveryCodes.Path, MakeRecoveryCodes.Handle).NeedsFreshSignIn(SettingsPaths.Security).Audited("recovery-codes.made");
        routes.MapPost(SetTwoFactorRule.Path, SetTwoFactorRule.Handle).RequireAuthorization(Policies.DecideSecurity).WithMetadata(onlyForms).ExcludeFromDescription()
            .NeedsFreshSignIn(SettingsPaths.Organisation).Audited("two-factors.required");
        return routes;
    }
}
