using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Regrouping;

internal static class RegroupingFeature
{
    public static IServiceCollection AddRegrouping(this IServiceCollection services)
    {
        services.AddScoped<MoveRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<MoveRows>());
        services.AddScoped<IUnboundObjects>(provider => provider.GetRequiredService<MoveRows>());
        services.AddSingleton<MovePulse>();
        services.AddScoped<MovePlan>();
        services.AddScoped<MoveRoom>();
        services.AddScoped<IWaitingThings, WaitingMoves>();
        services.AddScoped<MoveSealing>();
        services.AddScoped<MovedWords>();
        services.AddScoped<MoveChange>();
        services.AddScoped<MoveEnding>();
        services.AddScoped<MoveBeginning>();
        services.AddScoped<FilePages>();
        services.AddSingleton<IEndedRows, EndedMoves>();
        return services;
    }

    public static IEndpointRouteBuilder MapRegrouping(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.Contribute).WithTags("Recordings");
        api.MapPost("/merge", MergeRecordings.Handle).Audited("recording.merge-asked");
        api.MapPost("/split", SplitRecording.Handle).Audited("recording.split-asked");
        var pages = routes.MapGroup("/recordings/{id:guid}").RequireAuthorization(Policies.Contribute);
        pages.MapGet("/files", FilePages.Show);
        pages.MapGet("/merge", MergeRecordings.Show);
        pages.MapPost("/merge", MergeRecordings.HandleForm).Audited("recording.merge-asked");
        pages.MapPost("/split", SplitRecording.HandleForm).Audited("recording.split-asked");
        return routes;
    }
}
