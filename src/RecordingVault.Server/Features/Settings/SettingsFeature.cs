using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Settings;

/// <summary>The pages on which a member arranges his account. What stands on them are parts of the slices below.</summary>
internal static class SettingsFeature
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddScoped<ProfileAnswer>();
        services.AddScoped<ProfileChange>();
        services.AddScoped<SecurityAnswer>();
        return services;
    }

    public static IEndpointRouteBuilder MapSettings(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/settings").RequireAuthorization(Policies.Member, Policies.InPerson).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        own.MapGet("/profile", ChangeProfile.Show);
        own.MapPost("/profile", ChangeProfile.Handle).Audited("member.changed");
        own.MapGet("/security", ShowSecurity.Handle).OpensWithOneFactor();
        return routes;
    }
}
