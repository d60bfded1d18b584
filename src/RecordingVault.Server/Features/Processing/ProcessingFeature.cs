using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Processing;

internal static class ProcessingFeature
{
    public static IServiceCollection AddProcessing(this IServiceCollection services)
    {
        services.AddSingleton<VerificationPace>();
        services.AddSingleton<MediaSandbox>();
        services.AddSingleton<WorkPulse>();
        services.AddSingleton<ProcessingClaims>();
        services.AddScoped<ProcessingRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<ProcessingRows>());
        services.AddScoped<AssetMaking>();
        services.AddScoped<MakingRuns>();
        services.AddScoped<AssetResealing>();
        services.AddScoped<IStoredWords, StoredWords>();
        services.AddSingleton<LayoutDamage>();
        services.AddScoped<LayoutMaking>();
        services.AddScoped<IUnboundObjects, LaidObjects>();
        services.AddScoped<IStoredLayouts, StoredLayouts>();
        services.AddScoped<FrontMaking>();
        services.AddScoped<FrontSweep>();
        services.AddScoped<FrontVerification>();
        services.AddScoped<IUnboundObjects, FrontObjects>();
        services.AddScoped<IStoredFronts, StoredFronts>();
        services.AddScoped<CopyRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<CopyRows>());
        services.AddScoped<CopyMaking>();
        services.AddScoped<CopySweep>();
        services.AddScoped<IUnboundObjects, CopyObjects>();
        services.AddScoped<IRecipientCopies, RecipientCopies>();
        services.AddScoped<EditMaking>();
        services.AddScoped<ProcessAgain.Retry>();
        return services;
    }

    public static IEndpointRouteBuilder MapProcessing(this IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup("/api/v1/recordings/{id:guid}/processing").WithTags("Recordings");
        one.MapGet("/events", ProcessingEvents.Handle).RequireAuthorization(Policies.ViewRecordings);
        one.MapPost("/", ProcessAgain.Handle).RequireAuthorization(Policies.Contribute).Audited("processing.begun-anew");
        routes.MapPost("/recordings/{id:guid}/processing", ProcessAgain.HandleForm).RequireAuthorization(Policies.Contribute).Audited("processing.begun-anew");
        return routes;
    }
}
