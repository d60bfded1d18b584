using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Retention.Due.Feed;
using RecordingVault.Server.Features.Retention.Due.Keep;
using RecordingVault.Server.Features.Retention.Due.Pages;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due;

internal static class DueRoutes
{
    public const string Path = "/retention";

    private const string AsksOnly = "It asks until when and why, and changes nothing.";

    public static IServiceCollection AddDue(this IServiceCollection services)
    {
        services.AddScoped<RunBook>();
        services.AddScoped<DueWarning>();
        services.AddScoped<DueDisposing>();
        services.AddScoped<DueReading>();
        services.AddScoped<DuePages>();
        services.AddScoped<KeepChange>();
        services.AddScoped<KeepReading>();
        services.AddScoped<KeepPages>();
        services.AddScoped<FeedMaking>();
        services.AddScoped<FeedDoor>();
        services.AddScoped<FeedPages>();
        services.AddScoped<IWaitingThings, WaitingReviews>();
        services.AddScoped<IWaitingThings, WaitingRun>();
        services.AddScoped<IEndedRows, EndedFeeds>();
        return services;
    }

    public static IEndpointRouteBuilder MapDue(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/retention").RequireAuthorization(Policies.ViewRecordings).WithTags("Retention");
        api.MapGet("/due", ListDue.Handle);
        api.MapGet("/runs", ListDue.Runs);
        var keep = routes.MapGroup("/api/v1/recordings/{id:guid}/keep").RequireAuthorization(Policies.ViewRecordings).WithTags("Retention");
        keep.MapGet("", KeepRecording.Read);
        keep.MapPost("", KeepRecording.Handle).RequireAuthorization(Policies.Contribute).Audited(KeepChange.Kept);
        keep.MapDelete("", KeepRecording.End).NeedsFreshSignIn().RequireAuthorization(Policies.DestroyByHand, Policies.InPerson).Audited(KeepChange.KeepEnded);

        routes.MapGet(Path, DuePages.Show).RequireAuthorization(Policies.ViewRecordings).ExcludeFromDescription();
        routes.MapGet("/recordings/{id:guid}/keep", KeepRecording.Show).RequireAuthorization(Policies.Contribute).ExcludeFromDescription();
        routes.MapPost("/recordings/{id:guid}/keep", KeepRecording.HandleForm).RequireAuthorization(Policies.Contribute).WithMetadata(Form).Audited(KeepChange.Kept).ExcludeFromDescription();
        routes.MapPost("/recordings/{id:guid}/keep/end", KeepRecording.EndByForm).RequireAuthorization(Policies.DestroyByHand, Policies.InPerson).WithMetadata(Form).Audited(KeepChange.KeepEnded).ExcludeFromDescription();
        routes.MapPost(KeepChosen.Path, KeepChosen.Ask).RequireAuthorization(Policies.Contribute).NotAudited(AsksOnly).ExcludeFromDescription();
        routes.MapPost(KeepChosen.DonePath, KeepChosen.Keep).RequireAuthorization(Policies.Contribute).Audited(KeepChange.Kept).ExcludeFromDescription();

        routes.MapGet(FeedPages.Path, FeedPages.Show).RequireAuthorization(Policies.ViewRecordings, Policies.InPerson).ExcludeFromDescription();
        routes.MapPost(FeedPages.Path, FeedPages.Make).RequireAuthorization(Policies.ViewRecordings, Policies.InPerson).NeedsFreshSignIn(FeedPages.Path).WithMetadata(Form).Audited(FeedMaking.Made).ExcludeFromDescription();
        routes.MapPost("/retention/feeds/{id:guid}/revoke", FeedPages.Revoke).RequireAuthorization(Policies.ViewRecordings, Policies.InPerson).WithMetadata(Form).Audited(FeedMaking.Revoked).ExcludeFromDescription();
        routes.MapGet(FeedDoor.Address, FeedDoor.Handle).AllowAnonymous().ExcludeFromDescription();
        return routes;
    }

    private static RequestSizeLimitAttribute Form => new(CrossSiteGuard.FormLimit);
}
