using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

internal static class RecordingsFeature
{
    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        services.AddSingleton<Cursors>();
        services.AddScoped<RecordingCreation>();
        services.AddScoped<RecordingReading>();
        services.AddScoped<ManifestChanges>();
        services.AddScoped<RecordingRemoval>();
        services.AddScoped<ListRecordings.RecordingList>();
        services.AddScoped<RecordingChange>();
        services.AddScoped<RecordingTrash>();
        services.AddScoped<RecordingDestruction>();
        services.AddScoped<Duplicates>();
        services.AddScoped<ITileDetails>(provider => provider.GetRequiredService<Duplicates>());
        return services;
    }

    public static IEndpointRouteBuilder MapRecordings(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings").RequireAuthorization(Policies.ViewRecordings).WithTags("Recordings");
        routes.MapGet("/", ShowLibrary.Handle).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/recordings/{id:guid}/title", RenameByForm.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.changed");
        routes.MapGet("/trash", ShowTrash.Handle).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/recordings/{id:guid}/trash", TrashRecording.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.trashed");
        routes.MapPost("/recordings/{id:guid}/restore", RestoreRecording.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.restored");
        routes.MapPost("/recordings/{id:guid}/keep-both", KeepBoth.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.kept-both");
        api.MapDelete("/{id:guid}", TrashRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.trashed");
        api.MapPost("/{id:guid}/restore", RestoreRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.restored");
        api.MapPost("/{id:guid}/keep-both", KeepBoth.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.kept-both");
        api.MapGet("/", ListRecordings.Handle);
        api.MapGet("/{id:guid}", GetRecording.Handle);
        api.MapPost("/", CreateRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.created");
        api.MapPatch("/{id:guid}", ChangeRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.changed");
        return routes;
    }
}
