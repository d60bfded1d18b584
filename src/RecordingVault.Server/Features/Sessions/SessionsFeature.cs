using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sessions;

/// <summary>Where a member is signed in: he sees it, and ends what he does not know. No token does either.</summary>
internal static class SessionsFeature
{
    public const string Own = SettingsPaths.Security + "/sessions";

    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddScoped<SessionList>();
        services.AddScoped<SessionEnding>();
        return services;
    }

    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup(Own).RequireAuthorization(Policies.InPerson).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        forms.MapPost("/{id:guid}/end", EndSession.HandleForm).Audited("session.ended");
        forms.MapPost("/end-others", EndSession.HandleOthers).Audited("session.ended");

        var api = routes.MapGroup("/api/v1/sessions").RequireAuthorization(Policies.InPerson).WithTags("Sessions");
        api.MapGet("", ListSessions.Handle);
        api.MapDelete("/{id:guid}", EndSession.Handle).Audited("session.ended");
        return routes;
    }
}
