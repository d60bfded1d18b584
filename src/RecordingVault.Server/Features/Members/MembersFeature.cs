using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

internal static class MembersFeature
{
    public static IServiceCollection AddMembers(this IServiceCollection services)
    {
        services.AddVaultIdentity();
        services.AddVaultSchemes();
        services.AddScoped<MemberDirectory>();
        services.AddScoped<MemberCreation>();
        services.AddSingleton<CheckedSecrets>();
        services.AddScoped<SessionReading>();
        services.AddScoped<TokenReading>();
        services.AddScoped<Throttling>();
        services.AddScoped<SignInCheck>();
        services.AddScoped<SignInAnswer>();
        services.AddScoped<MemberEntrance>();
        services.AddScoped<SignInAgainAnswer>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<PasswordAnswer>();
        services.AddScoped<FirstMember>();
        services.AddScoped<FirstOwner>();
        services.AddScoped<SetupAnswer>();
        services.AddScoped<TokenMaking>();
        services.AddScoped<TokenList>();
        services.AddScoped<TokenRevocation>();
        services.AddScoped<TokenEnding>();
        services.AddScoped<AccountTokens>();
        services.AddScoped<AddressProof>();
        services.AddSingleton<MemberTenants>();
        services.AddScoped<AccountLog>();
        services.AddScoped<AccountChange>();
        services.AddScoped<OwnAccountChange>();
        services.AddSingleton<IEndedRows, EndedSessions>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<HalfSignIns>();
        services.AddSingleton<SessionDoor>();
        services.AddSingleton<TenantSwitch>();
        services.AddSingleton<ITenantChoices, MemberTenantChoices>();
        services.AddSingleton<VaultCreation>();
        services.AddSingleton<SetupInvitation>();
        services.TryAddScoped<IMemberNotices, NoNotices>();
        services.AddSingleton<SignInRefusals>();
        services.AddHostedService(provider => provider.GetRequiredService<SignInRefusals>());
        return services;
    }

    public static IEndpointRouteBuilder MapMembers(this IEndpointRouteBuilder routes)
    {
        var onlyForms = new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit);
        var open = routes.MapGroup("").AllowAnonymous().WithMetadata(onlyForms).ExcludeFromDescription();
        open.MapGet("/signin", SignIn.Show);
        open.MapPost("/signin", SignIn.Handle).Audited("member.signed-in");
        open.MapGet("/setup", SetUp.Show);
        open.MapPost("/setup", SetUp.Handle).Audited("member.created");

        var own = routes.MapGroup("").RequireAuthorization(Policies.Member, Policies.InPerson).WithMetadata(onlyForms).ExcludeFromDescription();
        own.MapPost("/signout", SignOut.Handle).OpensWithOneFactor().Audited("member.signed-out");
        own.MapGet(SignInAgain.Path, SignInAgain.Show).OpensWithOneFactor();
        own.MapPost(SignInAgain.Path, SignInAgain.Handle).OpensWithOneFactor().Audited("member.signed-in");
        own.MapGet("/password", ChangePassword.Show).OpensWithOneFactor();
        own.MapPost("/password", ChangePassword.Handle).OpensWithOneFactor().Audited("password.changed");

        var api = routes.MapGroup("/api/v1").RequireAuthorization(Policies.Member);
        api.MapGet("/tenant", GetTenant.Handle).WithTags("Tenant");
        api.MapGet("/tokens", ListTokens.Handle).WithTags("Tokens");
        api.MapPost("/tokens", CreateToken.Handle).NeedsFreshSignIn().WithTags("Tokens").Audited("token.created");
        api.MapDelete("/tokens/{id:guid}", RevokeToken.Handle).WithTags("Tokens").Audited("token.revoked");
        return routes;
    }

    private static void AddVaultIdentity(this IServiceCollection services)
    {
        // Before Identity's own registrations, which only fill what is not there yet.
        services.AddScoped<IPasswordValidator<Member>, PasswordRuleValidator>();
        services.AddSingleton<PasswordHashing>();
        services.AddScoped<IPasswordHasher<Member>>(provider => provider.GetRequiredService<PasswordHashing>());
        services.AddScoped<ILookupNormalizer, AddressFolding>();
        services.AddSingleton<LookupDigest>();
        services.AddSingleton<ILookupProtector>(provider => provider.GetRequiredService<LookupDigest>());
        services.AddSingleton<ILookupProtectorKeyRing>(provider => provider.GetRequiredService<LookupDigest>());
        services.AddSingleton<IPersonalDataProtector, PersonalDataSealer>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashing.Iterations);
        services.AddIdentityCore<Member>(options =>
        {
            options.Stores.ProtectPersonalData = true;
            options.User.AllowedUserNameCharacters = ""; // the user name is the address; MemberRules checks it
            options.User.RequireUniqueEmail = true;
            options.Lockout.AllowedForNewUsers = false; // Throttling slows down and locks nobody out
        }).AddEntityFrameworkStores<VaultDbContext>();
    }
}
