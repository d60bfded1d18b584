using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Contacts.Pages;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Rights;

/// <summary>What a person may ask of whoever holds his data: a copy of it, and that it be erased.</summary>
internal static class RightsFeature
{
    public static IServiceCollection AddRights(this IServiceCollection services)
    {
        services.AddScoped<ErasureRequests>();
        services.AddScoped<IContactFollowers, ErasureFollowing>();
        services.AddScoped<IWaitingThings, WaitingErasures>();
        services.AddScoped<PersonFile>();
        services.AddScoped<RightsPages>();
        return services;
    }

    public static IEndpointRouteBuilder MapRights(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(Policies.ManageMembers).WithTags("Contacts");
        api.MapGet("/contacts/{id:guid}/file", PersonFile.Handle).NeedsFreshSignIn().Audited(PersonFile.Made);
        api.MapGet("/contacts/{id:guid}/erasure-requests", ErasureEndpoints.OfOne);
        api.MapPost("/contacts/{id:guid}/erasure-requests", ErasureEndpoints.Open).Audited(ErasureRequests.Opened);
        api.MapGet("/erasure-requests", ErasureEndpoints.List);
        api.MapPost("/erasure-requests/{id:guid}/close", ErasureEndpoints.Close).Audited(ErasureRequests.Closed);
        routes.MapGet(ContactPages.Path + "/{id:guid}/rights", RightsPages.Show).RequireAuthorization(Policies.ManageMembers);
        routes.MapPost(ContactPages.Path + "/{id:guid}/rights", RightsPages.Open).RequireAuthorization(Policies.ManageMembers).Audited(ErasureRequests.Opened);
        routes.MapGet(ContactPages.Path + "/{id:guid}/rights/file", RightsPages.Fetch).RequireAuthorization(Policies.ManageMembers).Audited(PersonFile.Made);
        routes.MapPost("/erasure-requests/{id:guid}/close", RightsPages.Close).RequireAuthorization(Policies.ManageMembers).Audited(ErasureRequests.Closed);
        return routes;
    }
}
