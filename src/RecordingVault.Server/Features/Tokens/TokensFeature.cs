using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tokens;

/// <summary>The page of API tokens. The tokens themselves, and their API, belong to members.</summary>
internal static class TokensFeature
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddScoped<TokensPages>();
        return services;
    }

    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup(ShowTokens.Path).RequireAuthorization(Policies.Member).RequireAuthorization(Policies.InPerson)
            .WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        page.MapGet("/", ShowTokens.Handle);
        page.MapPost("/", ShowTokens.Make).NeedsFreshSignIn(ShowTokens.Path).Audited("token.created");
        page.MapPost("/{id:guid}/revoke", ShowTokens.Revoke).Audited("token.revoked");
        page.MapPost("/{id:guid}/stop-links", ShowTokens.StopItsLinks).RequireAuthorization(Policies.Contribute).Audited("share.stopped");
        return routes;
    }
}
