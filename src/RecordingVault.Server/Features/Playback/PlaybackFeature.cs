using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Content on its way out: the gate, the bytes, and the watch over what runs.</summary>
internal static class PlaybackFeature
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddPlayback(this IServiceCollection services)
    {
        services.AddSingleton<ReleaseTurns>();
        services.AddSingleton<ToldRefusals>();
        services.AddSingleton<ManifestShelf>();
        services.AddSingleton<RunningReleases>();
        services.AddSingleton<ReleasePasses>();
        services.AddScoped<ReleaseCheck>();
        services.AddScoped<ReleaseBook>();
        services.AddScoped<ReleaseDesk>();
        services.AddScoped<ReleaseGate>();
        services.AddScoped<ReleaseCounting>();
        services.AddScoped<ReleaseEvents>();
        services.AddSingleton<ContentAnswer>();
        services.AddScoped<FileNames>();
        services.AddHostedService<ReleaseWatch>();
        services.AddScoped<IRecordingRows, ReleaseRows>();
        return services;
    }

    public static IEndpointRouteBuilder MapPlayback(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.ViewRecordings).WithTags("Content");
        api.MapMethods("/content", GetOrHead, RecordingContent.View).Audited("content.released");
        api.MapMethods("/download", GetOrHead, RecordingContent.Download).Audited("content.released");
        api.MapGet("/events", RecordingContent.Events);
        return routes;
    }
}
