using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

internal static class PasskeysFeature
{
    public const string Own = SettingsPaths.Security + "/passkeys";

    public static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddSingleton<PasskeyRules>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>>(provider => provider.GetRequiredService<PasskeyRules>());
        services.AddScoped<IPasskeyHandler<Member>, PasskeyHandler<Member>>();
        services.AddScoped<ISecondFactor, PasskeyFactor>();
        services.AddScoped<PasskeyChallenges>();
        services.AddScoped<PasskeyCheck>();
        services.AddScoped<PasskeyList>();
        services.AddScoped<PasskeyAdding>();
        services.AddScoped<PasskeyRemoval>();
        return services;
    }

    public static IEndpointRouteBuilder MapPasskeys(this IEndpointRouteBuilder routes)
    {
        const string question = "a question that nobody has answered yet changes nothing";
        var onlyShort = new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit);
        var door = routes.MapGroup(SignIn.PasskeyPath).AllowAnonymous().WithMetadata(onlyShort).ExcludeFromDescription();
        door.MapPost("/options", SignInByPasskey.Ask).NotAudited(question);
        door.MapPost("", SignInByPasskey.Handle).Audited("member.signed-in");

        var own = routes.MapGroup("").RequireAuthorization(Policies.InPerson).WithMetadata(onlyShort).ExcludeFromDescription();
        own.MapPost(SignInAgain.PasskeyPath + "/options", SignInAgainByPasskey.Ask).OpensWithOneFactor().NotAudited(question);
        own.MapPost(SignInAgain.PasskeyPath, SignInAgainByPasskey.Handle).OpensWithOneFactor().Audited("member.signed-in");
        own.MapPost(Own + "/options", AddPasskey.Ask).NeedsFreshSignIn().OpensWithOneFactor().NotAudited(question);
        own.MapPost(Own, AddPasskey.Handle).NeedsFreshSignIn().OpensWithOneFactor().Audited("passkey.added");
        own.MapPost(Own + "/{id:guid}/name", RenamePasskey.Handle).NotAudited("a name that only its owner sees opens and closes nothing");
        own.MapPost(Own + "/{id:guid}/remove", RemovePasskey.Handle).NeedsFreshSignIn(SettingsPaths.Security).Audited("passkey.removed");
        return routes;
    }
}
