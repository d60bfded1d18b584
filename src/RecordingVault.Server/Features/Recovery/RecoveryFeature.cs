using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Ways back into an account, and to another address for it.</summary>
internal static class RecoveryFeature
{
    private const string MembersPage = SettingsPaths.Members;

    public static IServiceCollection AddRecovery(this IServiceCollection services)
    {
        services.AddScoped<MemberReach>();
        services.AddScoped<MemberWords>();
        services.AddScoped<ResetLinks>();
        services.AddScoped<ResetLetters>();
        services.AddScoped<ResetTries>();
        services.AddScoped<ResetLinkMaking>();
        services.AddScoped<ResetDoor>();
        services.AddScoped<PasswordResetting>();
        services.AddScoped<ForgottenAnswer>();
        services.AddScoped<ResetAnswer>();
        services.AddSingleton<ResetRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<ResetRequests>());
        services.AddScoped<AddressChanging>();
        services.AddScoped<AddressAgreement>();
        services.AddScoped<AddressTaking>();
        services.AddScoped<AddressReturns>();
        services.AddScoped<IRemovalEnding>(provider => provider.GetRequiredService<FactorRemovals>());
        services.AddScoped<IWaysBack>(provider => provider.GetRequiredService<AddressReturns>());
        services.AddScoped<AddressReturning>();
        services.AddScoped<ReturnAnswer>();
        services.AddScoped<AddressLetters>();
        services.AddScoped<AddressTries>();
        services.AddScoped<AddressAnswer>();
        services.AddScoped<AddressLinkAnswer>();
        services.AddSingleton<IEndedRows, EndedAccountLinks>();
        services.AddScoped<FactorRemovals>();
        services.AddScoped<FactorTaking>();
        services.AddScoped<RemovalLetters>();
        services.AddScoped<RemovalAsking>();
        services.AddScoped<RemovalAnswer>();
        services.AddScoped<MemberRecoveryAnswer>();
        services.AddScoped<IMemberBanner, RemovalBanner>();
        return services;
    }

    public static IEndpointRouteBuilder MapRecovery(this IEndpointRouteBuilder routes)
    {
        var onlyForms = new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit);
        // Open to whoever holds a link, and to whoever has forgotten: what these answer depends on the link alone.
        var open = routes.MapGroup("").AllowAnonymous().WithMetadata(onlyForms).ExcludeFromDescription();
        open.MapGet(Forgotten.Path, Forgotten.Show);
        open.MapPost(Forgotten.Path, Forgotten.Handle).Audited("password.reset-asked");
        open.MapGet(ResetPassword.Path, ResetPassword.Show);
        open.MapPost(ResetPassword.Path, ResetPassword.Handle).Audited("password.reset");
        open.MapGet(AnswerAddress.Path, AnswerAddress.Show);
        open.MapPost(AnswerAddress.Path, AnswerAddress.Handle).Audited("member.address-changed");
        open.MapGet(ReturnAddress.Path, ReturnAddress.Show);
        open.MapPost(ReturnAddress.Path, ReturnAddress.Handle).Audited("member.address-returned");
        open.MapGet(StopRemoval.Path, StopRemoval.Show);
        open.MapPost(StopRemoval.Path, StopRemoval.Handle).Audited("member.factor-removal-stopped");

        var own = routes.MapGroup("").RequireAuthorization(Policies.Member).RequireAuthorization(Policies.InPerson).WithMetadata(onlyForms).ExcludeFromDescription();
        own.MapGet(ChangeAddress.Path, ChangeAddress.Show);
        own.MapPost(ChangeAddress.Path, ChangeAddress.Handle).NeedsFreshSignIn(ChangeAddress.Path).Audited("member.address-change-asked");
        own.MapPost(ChangeAddress.Path + "/stop", ChangeAddress.Stop).Audited("member.address-change-stopped");
        own.MapPost(StopRemoval.OwnPath, StopRemoval.Keep).Audited("member.factor-removal-stopped");

        var api = routes.MapGroup("/api/v1/members/{id:guid}").RequireAuthorization(Policies.ManageMembers).RequireAuthorization(Policies.InPerson).WithTags("Members");
        api.MapPost("/reset-link", MakeResetLink.Handle).NeedsFreshSignIn().Audited("password.reset-link-made");
        api.MapPost("/second-factor-removal", AskRemoval.Handle).RequireAuthorization(Policies.OwnTenant).NeedsFreshSignIn().Audited("member.factor-removal-asked");

        var forms = routes.MapGroup(MembersPage + "/{id:guid}").RequireAuthorization(Policies.ManageMembers).RequireAuthorization(Policies.InPerson).WithMetadata(onlyForms).ExcludeFromDescription();
        forms.MapPost("/reset-link", MemberRecovery.ResetLink).NeedsFreshSignIn(MembersPage).Audited("password.reset-link-made");
        forms.MapPost("/second-factor", MemberRecovery.Removal).RequireAuthorization(Policies.OwnTenant).NeedsFreshSignIn(MembersPage).Audited("member.factor-removal-asked");
        return routes;
    }
}
