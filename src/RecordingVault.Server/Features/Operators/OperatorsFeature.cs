using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators.Passkeys;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

internal static class OperatorsFeature
{
    private const string Question = "a question that nobody has answered yet changes nothing";
    private const string SignInReason = "an operator belongs to no tenant: the server's log tells it";

    public static IServiceCollection AddOperators(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OperatorHandler>(OperatorHandler.SchemeName, null);
        // Who asks is asked of the one scheme of the listener that the request came by.
        services.Configure<AuthenticationSchemeOptions>(VaultSchemes.Member, options => options.ForwardDefaultSelector = http => http.IsByManagement() ? OperatorHandler.SchemeName : null);
        services.AddScoped<OperatorDirectory>();
        services.AddScoped<OperatorSignInCheck>();
        services.AddScoped<OperatorSessions>();
        services.AddSingleton<IEndedRows, EndedOperatorSessions>();
        services.AddScoped<OperatorDoorAnswer>();
        services.AddScoped<OperatorPasswordChange>();
        services.AddScoped<OperatorPasswordAnswer>();
        services.AddScoped<IPasskeyHandler<Operator>>(OperatorPasskeyStore.Handler);
        services.AddScoped<OperatorPasskeyStore>();
        services.AddScoped<OperatorPasskeyCheck>();
        services.AddScoped<OperatorPasskeyList>();
        services.AddScoped<OperatorPasskeyAdding>();
        services.AddScoped<OperatorPasskeyRemoval>();
        services.AddScoped<TenantLooks>();
        services.AddScoped<OperatorAnswer>();
        return services;
    }

    public static IEndpointRouteBuilder MapOperators(this IEndpointRouteBuilder routes)
    {
        var listener = routes.MapGroup(ManagementListener.Home).OnManagement().WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        listener.MapGet("/signin", OperatorDoor.Show).AllowAnonymous();
        listener.MapPost("/signin", OperatorDoor.SignInAsync).AllowAnonymous().NotAudited(SignInReason);

        listener.MapPost("/signin/passkey/options", SignInByOperatorPasskey.Ask).AllowAnonymous().NotAudited(Question);
        listener.MapPost("/signin/passkey", SignInByOperatorPasskey.Handle).AllowAnonymous().NotAudited(SignInReason);

        var account = listener.MapGroup("").RequireAuthorization(Policies.Operator);
        account.MapPost("/signout", OperatorDoor.SignOutAsync).NotAudited(SignInReason);
        account.MapGet("/password", OperatorPassword.Show);
        account.MapPost("/password", OperatorPassword.Handle).NotAudited(SignInReason);

        var pages = account.MapGroup("").NeedsOwnPassword();
        pages.MapGet("", ShowHealth.Handle);
        pages.MapGet("/jobs", ShowJobs.Handle);
        pages.MapGet("/versions", ShowVersions.Handle);
        pages.MapGet("/security", ShowOperatorSecurity.Handle);
        pages.MapPost("/security/passkeys/options", AddOperatorPasskey.Ask).NeedsFreshSignIn().NotAudited(Question);
        pages.MapPost("/security/passkeys", AddOperatorPasskey.Handle).NeedsFreshSignIn().NotAudited(SignInReason);
        pages.MapPost("/security/passkeys/{id:guid}/name", RenameOperatorPasskey.Handle).NotAudited("a name that only its owner sees opens and closes nothing");
        pages.MapPost("/security/passkeys/{id:guid}/remove", RemoveOperatorPasskey.Handle).NeedsFreshSignIn(ShowOperatorSecurity.Path).NotAudited(SignInReason);
        pages.MapGet("/tenants", ShowTenants.Handle).Audited(TenantLooks.Looked);
        return routes;
    }
}
