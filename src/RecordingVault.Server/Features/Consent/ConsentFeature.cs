using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.Consent.People;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent;

internal static class ConsentFeature
{
    public static IServiceCollection AddConsent(this IServiceCollection services)
    {
        services.AddScoped<PeopleAnswers>();
        services.AddScoped<IPeopleAnswers>(provider => provider.GetRequiredService<PeopleAnswers>());
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<PeopleAnswers>());
        services.AddScoped<ConsentLedger>();
        services.AddScoped<ConsentReading>();
        services.AddScoped<CarriedConsents>();
        services.AddScoped<PeopleChange>();
        services.AddScoped<ConsentPages>();
        return services;
    }

    public static IEndpointRouteBuilder MapConsent(this IEndpointRouteBuilder routes)
    {
        var recording = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.ViewRecordings).WithTags("Consent");
        recording.MapGet("/participants", ChangeParticipants.List);
        recording.MapPost("/participants", ChangeParticipants.Add).RequireAuthorization(Policies.Contribute).Audited(PeopleChange.Added);
        recording.MapGet("/consents", ListConsents.Handle);
        recording.MapPost("/consents", RecordConsent.Handle).RequireAuthorization(Policies.Contribute).Audited(ConsentLedger.Recorded);
        var person = routes.MapGroup("/api/v1/participants/{id:guid}").RequireAuthorization(Policies.Contribute).WithTags("Consent");
        person.MapPatch("", ChangeParticipants.Change).Audited(PeopleChange.Changed);
        person.MapDelete("", ChangeParticipants.Remove).Audited(PeopleChange.Removed);
        routes.MapGet("/recordings/{id:guid}/consent", ConsentPages.Show).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/recordings/{id:guid}/consent", RecordConsent.HandleForm).RequireAuthorization(Policies.Contribute).Audited(ConsentLedger.Recorded);
        routes.MapPost("/participants/{id:guid}", ChangeParticipants.ChangeByForm).RequireAuthorization(Policies.Contribute).Audited(PeopleChange.Changed);
        return routes;
    }
}
