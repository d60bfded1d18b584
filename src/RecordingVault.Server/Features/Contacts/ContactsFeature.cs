using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Contacts.Own;
using RecordingVault.Server.Features.Contacts.Pages;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>People over recordings: put together by somebody, never by the vault, so that "in which recordings am I?" has an answer.</summary>
internal static class ContactsFeature
{
    private const string SearchReleasesNothing = "A search of names releases no content, as that of recordings (decision 0138).";

    public static IServiceCollection AddContacts(this IServiceCollection services)
    {
        services.AddScoped<ContactLinks>();
        services.AddScoped<IPeopleLinks>(provider => provider.GetRequiredService<ContactLinks>());
        services.AddScoped<ICarriedAlong>(provider => provider.GetRequiredService<ContactLinks>());
        services.AddScoped<ContactNames>();
        services.AddScoped<ContactReading>();
        services.AddScoped<ContactSearch>();
        services.AddScoped<LookAlikes>();
        services.AddScoped<ContactChange>();
        services.AddScoped<ContactKeySweep>();
        services.AddScoped<ContactPages>();
        services.AddSingleton<OwnGrants>();
        services.AddScoped<OwnDoor>();
        services.AddScoped<OwnRecordings>();
        services.AddScoped<OwnMailing>();
        services.AddScoped<OwnTakingBack>();
        services.AddScoped<OwnTries>();
        services.AddScoped<OwnPages>();
        services.AddSingleton<OwnAsks>();
        services.AddHostedService(provider => provider.GetRequiredService<OwnAsks>());
        return services;
    }

    public static IEndpointRouteBuilder MapContacts(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/contacts").RequireAuthorization(Policies.ViewRecordings).WithTags("Contacts");
        api.MapGet("", ContactEndpoints.List);
        api.MapPost("/search", ContactEndpoints.Search).NotAudited(SearchReleasesNothing);
        api.MapGet("/{id:guid}", ContactEndpoints.Read);
        api.MapGet("/suggestions", ContactEndpoints.Suggest).RequireAuthorization(Policies.Contribute);
        api.MapPost("", ContactEndpoints.Make).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Created);
        api.MapPatch("/{id:guid}", ContactEndpoints.Change).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Changed);
        api.MapDelete("/{id:guid}", ContactEndpoints.Delete).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Deleted);
        api.MapPost("/{id:guid}/participants", ContactEndpoints.Add).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Joined);
        api.MapPost("/{id:guid}/merge", ContactEndpoints.Merge).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Merged);
        routes.MapDelete("/api/v1/participants/{id:guid}/contact", ContactEndpoints.Remove).RequireAuthorization(Policies.Contribute).WithTags("Contacts").Audited(ContactChange.Left);

        var pages = routes.MapGroup(ContactPages.Path).RequireAuthorization(Policies.ViewRecordings);
        pages.MapGet("", ContactPages.Show);
        pages.MapGet("/search", ContactPages.Show);
        pages.MapPost("/search", ContactPages.Search).NotAudited(SearchReleasesNothing);
        pages.MapGet("/{id:guid}", ContactPages.ShowOne);
        pages.MapPost("", ContactPages.Join).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Created);
        pages.MapPost("/{id:guid}", ContactPages.Change).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Changed);
        pages.MapPost("/{id:guid}/add", ContactPages.Add).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Joined);
        pages.MapPost("/{id:guid}/take-out", ContactPages.TakeOut).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Left);
        pages.MapPost("/{id:guid}/merge", ContactPages.Merge).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Merged);
        pages.MapPost("/{id:guid}/delete", ContactPages.Delete).RequireAuthorization(Policies.Contribute).Audited(ContactChange.Deleted);

        // Open to everybody: an address that is typed in, and a link that its letter carries.
        routes.MapGet("/t/{tenant:guid}/recorded", OwnPages.ShowAsk).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/t/{tenant:guid}/recorded", OwnPages.Ask).AllowAnonymous().ExcludeFromDescription().Audited(OwnMailing.Mailed);
        var outside = routes.MapGroup($"{OwnPaths.Root}/{{id:guid}}").AllowAnonymous().ExcludeFromDescription();
        outside.MapGet("/", OwnPages.Show);
        outside.MapPost("/open", OpenOwn.Handle).Audited(OpenOwn.Opened);
        outside.MapPost("/take-back", OwnPages.TakeBack).Audited(OwnTakingBack.TookBack);
        return routes;
    }
}
