using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Regrouping.Cutting;
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
        services.AddScoped<CutRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<CutRows>());
        services.AddScoped<IUnboundObjects>(provider => provider.GetRequiredService<CutRows>());
        services.AddScoped<CutReading>();
        services.AddScoped<CutBeginning>();
        services.AddScoped<CutPages>();
        services.AddScoped<CutJoining>();
        services.AddScoped<CutEnding>();
        services.AddScoped<CutMaking>();
        return services;
    }

    public static IEndpointRouteBuilder MapRegrouping(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.Contribute).WithTags("Recordings");
        api.MapPost("/merge", MergeRecordings.Handle).Audited("recording.merge-asked");
        api.MapPost("/split", SplitRecording.Handle).Audited("recording.split-asked");
        api.MapGet("/edits", EditRecordingSpans.Show);
        api.MapPut("/edits", EditRecordingSpans.Mark).Audited(CutBeginning.Marked);
        api.MapPost("/edits/copies", EditRecordingSpans.Copy).Audited(CutBeginning.Asked);
        api.MapGet("/edits/events", CutEvents.Handle);
        var pages = routes.MapGroup("/recordings/{id:guid}").RequireAuthorization(Policies.Contribute);
        pages.MapGet("/files", FilePages.Show);
        pages.MapGet("/cut", CutPages.Show);
        pages.MapPost("/cut", CutPages.Mark).Audited(CutBeginning.Marked);
        pages.MapPost("/cut/copies", CutPages.Copy).Audited(CutBeginning.Asked);
        pages.MapGet("/merge", MergeRecordings.Show);
        pages.MapPost("/merge", MergeRecordings.HandleForm).Audited("recording.merge-asked");
        pages.MapPost("/split", SplitRecording.HandleForm).Audited("recording.split-asked");
        return routes;
    }
}
