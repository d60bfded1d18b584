using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Features.Uploads.Plans;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Features.Uploads.Sample;
using RecordingVault.Server.Features.Uploads.Verbs;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads;

internal static class UploadsFeature
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddSingleton<UploadTurns>();
        services.AddSingleton<BufferShares>();
        services.AddSingleton<UploadBuffers>();
        services.AddSingleton<RoomClaims>();
        services.AddScoped<UploadLookup>();
        services.AddScoped<UploadRoom>();
        services.AddScoped<SegmentLedgers>();
        services.AddScoped<PartFlows>();
        services.AddScoped<PartReceiver>();
        services.AddScoped<PartIntake>();
        services.AddScoped<FirstPart>();
        services.AddScoped<RecordingRoom>();
        services.AddScoped<UploadCreation>();
        services.AddScoped<UploadFinishing>();
        services.AddScoped<UploadEnding>();
        services.AddScoped<UploadSweep>();
        services.AddScoped<MakeSample.SampleRecording>();
        services.AddScoped<OrphanSweep>();
        services.AddScoped<LoneKeySweep>();
        services.AddScoped<ITileDetails, UploadTiles>();
        services.AddScoped<IWaitingThings, StoppedUploads>();
        services.AddScoped<IRecordingRows, UploadRows>();
        services.AddScoped<ITargetKin, UploadsOfRecording>();
        return services;
    }

    public static IEndpointRouteBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(MakeSample.Path, MakeSample.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.created");
        routes.MapGet("/upload", ShowUpload.Handle).RequireAuthorization(Policies.Contribute);

        var open = routes.MapGroup(Tus.Root).WithTags("Uploads").AllowAnonymous();
        open.MapMethods("/", [HttpMethods.Options], DescribeUploads.Handle);
        open.MapMethods("/{id:guid}", [HttpMethods.Options], DescribeUploads.Handle);

        routes.MapPost($"{Tus.Root}/plan", PlanUploads.Handle).WithTags("Uploads").RequireAuthorization(Policies.Contribute)
            .NotAudited("It answers from the names that were asked with and keeps nothing.");

        var tus = routes.MapGroup(Tus.Root).WithTags("Uploads").RequireAuthorization(Policies.Contribute).AddEndpointFilter<TusVersionRule>();
        tus.MapPost("/", CreateUpload.Handle).Audited("upload.created").TakesAnyLength();
        tus.MapMethods("/{id:guid}", [HttpMethods.Head], TellOffset.Handle);
        tus.MapPatch("/{id:guid}", AppendPart.Handle).Audited("upload.finished").TakesAnyLength();
        tus.MapDelete("/{id:guid}", TerminateUpload.Handle).Audited("upload.ended");
        return routes;
    }

    /// <summary>What may come is counted against the upload's own length and the tenant's room, byte by byte.</summary>
    private static RouteHandlerBuilder TakesAnyLength(this RouteHandlerBuilder route) => route.WithMetadata(new DisableRequestSizeLimitAttribute());

    /// <summary>
    /// Runs before routing and authorisation, so that both see the method that is meant (security.md 9). On upload addresses only, from POST
    /// to PATCH or DELETE only. Every answer of these addresses names the protocol's version, refusals included.
    /// </summary>
    public static IApplicationBuilder UseTusMethodOverride(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments(Tus.Root, StringComparison.OrdinalIgnoreCase))
            return next(http);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[Tus.ResumableHeader] = Tus.Version;
            return Task.CompletedTask;
        });
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Headers[Tus.MethodOverrideHeader].ToString() is var meant && meant is "PATCH" or "DELETE")
            http.Request.Method = meant;
        return next(http);
    });
}
