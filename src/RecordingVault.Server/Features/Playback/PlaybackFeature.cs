using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
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
        services.AddSingleton<MarkShelf>();
        services.AddSingleton<EgressWaits>();
        services.AddScoped<EgressMarks>();
        services.AddSingleton<ReleasePasses>();
        services.AddSingleton<StreamPaces>();
        services.AddSingleton<PacedSending>();
        services.AddScoped<ReleaseCheck>();
        services.AddScoped<ReleaseBook>();
        services.AddScoped<ReleaseDesk>();
        services.AddScoped<ReleaseGate>();
        services.AddScoped<ReleaseCounting>();
        services.AddScoped<ReleaseEvents>();
        services.AddSingleton<ContentAnswer>();
        services.AddSingleton<CaptionAnswer>();
        services.AddSingleton<PictureAnswer>();
        services.AddScoped<FileNames>();
        services.AddSingleton<DownloadPauses>();
        services.AddScoped<DownloadWaiting>();
        services.AddScoped<BesideFilm>();
        services.AddSingleton<SearchTurns>();
        services.AddScoped<ISaidLines, SaidCues>();
        services.AddScoped<ISpeakerNames, SaidSpeakers>();
        services.AddScoped<ListRelease>();
        services.AddScoped<ITileDetails, PosterTiles>();
        services.AddHostedService<ReleaseWatch>();
        services.AddScoped<IRecordingRows, ReleaseRows>();
        services.AddScoped<PlayPositions>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<PlayPositions>());
        return services;
    }

    public static IEndpointRouteBuilder MapPlayback(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings/{id:guid}").RequireAuthorization(Policies.ViewRecordings).WithTags("Content");
        api.MapMethods("/content", GetOrHead, RecordingContent.View).Releases(ReleasePurpose.View);
        api.MapMethods("/download", GetOrHead, RecordingContent.Download).Releases(ReleasePurpose.Download);
        api.MapGet("/poster", RecordingContent.Poster).Releases(ReleasePurpose.Preview);
        api.MapGet("/thumbnails", RecordingContent.Thumbnails).Releases(ReleasePurpose.Preview);
        api.MapGet("/waveform", RecordingContent.Waveform).Releases(ReleasePurpose.Preview);
        api.MapGet("/captions/{language}", RecordingContent.Captions).Releases(ReleasePurpose.Preview);
        api.MapGet("/events", RecordingContent.Events);
        api.MapPut("/position", PlayPositions.Handle).NotAudited("Where somebody stopped watching is told to nobody but himself; that he watched is an event of its own.");
        api.MapPost("/pace", RecordingContent.Pace).NotAudited("It says how fast a page plays and is kept in memory alone; what was sent is counted by the vault itself.");
        return routes;
    }
}
