using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>People who were recorded are asked by link, answer, and get a receipt by which they take back what they gave.</summary>
internal static class AskingFeature
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddAsking(this IServiceCollection services)
    {
        services.AddSingleton<ConsentGrants>();
        services.AddScoped<ConsentDoor>();
        services.AddScoped<ConsentLetters>();
        services.AddScoped<RequestMaking>();
        services.AddScoped<RequestReading>();
        services.AddScoped<StopRequest.RequestStopping>();
        services.AddScoped<Receipts.ReceiptReading>();
        services.AddScoped<ReceiptWriting>();
        services.AddScoped<AnswerTaking>();
        services.AddScoped<QuestionPages>();
        services.AddScoped<AskPages>();
        services.AddScoped<Reminding>();
        services.AddScoped<IRecordingRows, AskingRows>();
        services.AddScoped<IPackagePapers, PackedReceipts>();
        services.AddScoped<PartedRecordings>();
        services.AddScoped<ICarriedAlong, CarriedReceipts>();
        return services;
    }

    public static IEndpointRouteBuilder MapAsking(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/recordings/{id:guid}/ask", AskPages.Show).RequireAuthorization(Policies.Contribute);
        routes.MapPost("/recordings/{id:guid}/ask", AskPages.Ask).RequireAuthorization(Policies.Contribute).Audited("consent.asked");
        routes.MapPost("/consent-requests/{id:guid}/stop", StopRequest.HandleForm).RequireAuthorization(Policies.Contribute).Audited("consent.asking-stopped");

        var recording = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.Contribute).WithTags("Consent");
        recording.MapGet("/consent-requests", ListRequests.Handle);
        recording.MapPost("/consent-requests", AskForConsent.Handle).Audited("consent.asked");
        recording.MapGet("/consent-receipts", Receipts.List);
        routes.MapDelete("/api/v1/consent-requests/{id:guid}", StopRequest.Handle).RequireAuthorization(Policies.Contribute).WithTags("Consent").Audited("consent.asking-stopped");
        routes.MapGet("/api/v1/consent-receipts/{id:guid}", Receipts.Read).RequireAuthorization(Policies.Contribute).WithTags("Consent").Audited("consent.receipt-read");

        // Open to everybody who proves a link: what these answer depends on the link's own cookie and on nothing else.
        var outside = routes.MapGroup("/c/{id:guid}").AllowAnonymous().ExcludeFromDescription();
        outside.MapGet("/", ShowQuestion.Handle);
        outside.MapPost("/open", OpenConsent.Handle).Audited("consent.link-opened");
        outside.MapPost("/answer", AnswerConsent.Handle).Audited("consent.answered");
        outside.MapGet("/receipt", Receipts.Own).Audited("consent.receipt-read");
        outside.MapMethods("/content", GetOrHead, ConsentContent.View).Audited("content.released");
        outside.MapGet("/poster", ConsentContent.Poster).Audited("content.released");
        outside.MapGet("/thumbnails", ConsentContent.Thumbnails).Audited("content.released");
        outside.MapGet("/waveform", ConsentContent.Waveform).Audited("content.released");
        outside.MapGet("/captions/{language}", ConsentContent.Captions).Audited("content.released");
        outside.MapGet("/events", ConsentContent.Events);
        outside.MapPost("/pace", ConsentContent.Pace).NotAudited("It says how fast a page plays and is kept in memory alone; what was sent is counted by the vault itself.");
        return routes;
    }
}
