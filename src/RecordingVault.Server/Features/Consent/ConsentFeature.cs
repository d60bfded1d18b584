using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.Consent.People;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Consent.Tasks;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent;

internal static class ConsentFeature
{
    public static IServiceCollection AddConsent(this IServiceCollection services)
    {
        services.AddScoped<PeopleAnswers>();
        services.AddScoped<IPeopleAnswers>(provider => provider.GetRequiredService<PeopleAnswers>());
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<PeopleAnswers>());
        services.AddScoped<EvidenceEnding>();
        services.AddScoped<EvidenceIntake>();
        services.AddScoped<EvidenceReading>();
        services.AddScoped<FetchEvidence>();
        services.AddScoped<ConsentLedger>();
        services.AddScoped<ConsentReading>();
        services.AddScoped<CarriedConsents>();
        services.AddScoped<PeopleChange>();
        services.AddScoped<PeopleImport>();
        services.AddScoped<ImportPages>();
        services.AddScoped<EvidencePages>();
        services.AddScoped<ConsentPages>();
        services.AddScoped<ConsentQuestion>();
        services.AddScoped<IConsentAnswers>(provider => provider.GetRequiredService<ConsentQuestion>());
        services.AddScoped<ConsentPolicyChange>();
        services.AddScoped<ConsentPolicyPages>();
        services.AddScoped<ConsentReasons>();
        services.AddScoped<ConsentTexts>();
        services.AddScoped<ConsentTextChange>();
        services.AddScoped<ConsentWordsPages>();
        services.AddScoped<ConsentTasks>();
        services.AddScoped<IConsentWithdrawals, ConsentWithdrawals>();
        services.AddScoped<IWaitingThings, WaitingConsentTasks>();
        return services;
    }

    public static IEndpointRouteBuilder MapConsent(this IEndpointRouteBuilder routes)
    {
        var recording = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.ViewRecordings).WithTags("Consent");
        recording.MapGet("/participants", ChangeParticipants.List);
        recording.MapPost("/participants", ChangeParticipants.Add).RequireAuthorization(Policies.Contribute).Audited(PeopleChange.Added);
        recording.MapGet("/participants/suggestions", ImportParticipants.Suggest).RequireAuthorization(Policies.Contribute);
        recording.MapPost("/participants/imports", ImportParticipants.Handle).RequireAuthorization(Policies.Contribute)
            .WithMetadata(new RequestSizeLimitAttribute(ImportParticipants.MostBytes)).Audited(PeopleImport.Imported);
        routes.MapGet(ImportPages.Path, ImportPages.Show).RequireAuthorization(Policies.Contribute);
        routes.MapPost(ImportPages.Path, ImportPages.HandleForm).RequireAuthorization(Policies.Contribute).Audited(PeopleImport.Imported);
        recording.MapGet("/consents", ListConsents.Handle);
        recording.MapGet("/consents/events", ConsentEvents.Handle);
        recording.MapPost("/consents", RecordConsent.Handle).RequireAuthorization(Policies.Contribute).Audited(ConsentLedger.Recorded);
        recording.MapGet("/consent-evidence", AddEvidence.List);
        recording.MapPost("/consent-evidence", AddEvidence.Handle).RequireAuthorization(Policies.Contribute).Audited(EvidenceIntake.Added);
        var evidence = routes.MapGroup("/api/v1/consent-evidence").WithTags("Consent");
        evidence.MapGet("", AddEvidence.ListAlone).RequireAuthorization(Policies.ManageMembers);
        evidence.MapGet("/{id:guid}/download", FetchEvidence.Handle).RequireAuthorization(Policies.Contribute).Audited(FetchEvidence.Viewed);
        evidence.MapDelete("/{id:guid}", AddEvidence.Destroy).RequireAuthorization(Policies.DestroyByHand).NeedsFreshSignIn().Audited(EvidenceEnding.Destroyed);
        routes.MapGet(EvidencePages.Path, EvidencePages.Show).RequireAuthorization(Policies.ManageMembers);
        routes.MapPost("/consent-evidence/{id:guid}/destroy", EvidencePages.Destroy).RequireAuthorization(Policies.DestroyByHand).NeedsFreshSignIn(EvidencePages.Path).Audited(EvidenceEnding.Destroyed);
        routes.MapPost("/consent-records/{id:guid}/hear", HearConsent.Handle).RequireAuthorization(Policies.ViewRecordings).Audited(FetchEvidence.Viewed);
        recording.MapPut("/consent-reason", GiveConsentReason.Handle).RequireAuthorization(Policies.ManageMembers).Audited(ConsentReasons.Given);
        recording.MapGet("/consent-tasks", CloseConsentTask.List);
        routes.MapPost("/api/v1/consent-tasks/{id:guid}/close", CloseConsentTask.Handle).RequireAuthorization(Policies.Contribute).WithTags("Consent").Audited(ConsentTasks.Closed);
        routes.MapPost("/consent-tasks/{id:guid}/close", CloseConsentTask.HandleForm).RequireAuthorization(Policies.Contribute).Audited(ConsentTasks.Closed);
        routes.MapGet("/api/v1/tenant/consent", ChangeConsentPolicy.Read).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapPut("/api/v1/tenant/consent", ChangeConsentPolicy.Handle).RequireAuthorization(Policies.ManageMembers).WithTags("Tenant").Audited(ConsentPolicyChange.Tightened);
        routes.MapGet(ConsentPolicyPages.Path, ConsentPolicyPages.Show).RequireAuthorization(Policies.Member);
        routes.MapPost(ConsentPolicyPages.Path, ConsentPolicyPages.HandleForm).RequireAuthorization(Policies.ManageMembers).Audited(ConsentPolicyChange.Tightened);
        routes.MapGet("/api/v1/consent-regions", RegionRequests.Presets).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapPost(RegionPages.Path, RegionPages.Set).RequireAuthorization(Policies.ManageMembers).Audited(ConsentPolicyChange.Tightened);
        routes.MapPost(RegionPages.RemovePath, RegionPages.Remove).RequireAuthorization(Policies.ManageMembers).Audited(ConsentPolicyChange.Loosened);
        routes.MapGet("/api/v1/tenant/consent-texts", WriteConsentText.List).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapGet("/api/v1/tenant/consent-texts/{version}", WriteConsentText.Read).RequireAuthorization(Policies.Member).WithTags("Tenant");
        routes.MapPost("/api/v1/tenant/consent-texts", WriteConsentText.Handle).RequireAuthorization(Policies.ManageMembers).WithTags("Tenant").Audited(ConsentTextChange.Written);
        routes.MapGet(ConsentWordsPages.Path, ConsentWordsPages.Show).RequireAuthorization(Policies.Member);
        routes.MapPost(ConsentWordsPages.Path, ConsentWordsPages.HandleForm).RequireAuthorization(Policies.ManageMembers).Audited(ConsentTextChange.Written);
        routes.MapPost("/recordings/{id:guid}/consent/reason", GiveConsentReason.HandleForm).RequireAuthorization(Policies.ManageMembers).Audited(ConsentReasons.Given);
        var person = routes.MapGroup("/api/v1/participants/{id:guid}").RequireAuthorization(Policies.Contribute).WithTags("Consent");
        person.MapPatch("", ChangeParticipants.Change).Audited(PeopleChange.Changed);
        person.MapDelete("", ChangeParticipants.Remove).Audited(PeopleChange.Removed);
        routes.MapGet("/recordings/{id:guid}/consent", ConsentPages.Show).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/recordings/{id:guid}/consent", RecordConsent.HandleForm).RequireAuthorization(Policies.Contribute).Audited(ConsentLedger.Recorded);
        routes.MapPost("/participants/{id:guid}", ChangeParticipants.ChangeByForm).RequireAuthorization(Policies.Contribute).Audited(PeopleChange.Changed);
        return routes;
    }
}
