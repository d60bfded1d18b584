using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Sharing.Links;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Sharing.Several;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Share links: made and stopped by members, opened by people without an account.</summary>
internal static class SharingFeature
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddSharing(this IServiceCollection services)
    {
        services.AddSingleton<Passcodes>();
        services.AddSingleton<ShareGrants>();
        services.AddScoped<ShareDoor>();
        services.AddScoped<LinkOpenings>();
        services.AddScoped<VisibleMarks>();
        services.AddScoped<CopyAgain.Again>();
        services.AddScoped<ShareReading>();
        services.AddScoped<LinkPurposes>();
        services.AddScoped<ListShares.ShareList>();
        services.AddScoped<CreateShare.ShareCreation>();
        services.AddScoped<TokenLinks>();
        services.AddScoped<RecipientLinks>();
        services.AddScoped<ChangeShare.ShareChange>();
        services.AddScoped<ChangeShare.ShareRecord>();
        services.AddScoped<SharerStanding>();
        services.AddScoped<StopShares.ShareStopping>();
        services.AddScoped<OpenShare.ShareOpening>();
        services.AddScoped<OpenShare.ShareTries>();
        services.AddScoped<ReportPlayed.Viewings>();
        services.AddScoped<ShowRecording.RecordingPages>();
        services.AddScoped<ShowShare.SharePages>();
        services.AddScoped<ShareOwners>();
        services.AddScoped<RecordingTiles>();
        services.AddScoped<MemberLinks>();
        services.AddScoped<TenantLinks>();
        services.AddScoped<ShowLink.LinkPages>();
        services.AddScoped<ITileDetails, ShareTiles>();
        services.AddScoped<IWaitingThings, EndingLinks>();
        services.AddScoped<LiveLinks>();
        services.AddScoped<ILiveLinks>(scope => scope.GetRequiredService<LiveLinks>());
        services.AddScoped<IRecordingRows, ShareRows>();
        services.AddScoped<ITargetKin, SharesOfRecording>();
        services.AddScoped<RecordingAround>();
        return services;
    }

    public static IEndpointRouteBuilder MapSharing(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/recordings/{id:guid}", ShowRecording.Handle).RequireAuthorization(Policies.ViewRecordings);
        routes.MapGet("/recordings/{id:guid}/share", ShareByForm.Show).RequireAuthorization(Policies.Contribute);
        routes.MapPost("/recordings/{id:guid}/share", ShareByForm.Make).RequireAuthorization(Policies.Contribute).Audited("share.created");

        routes.MapPost(ShareChosen.Path, ShareChosen.Ask).RequireAuthorization(Policies.Contribute).NotAudited("It shows a form with titles, as the library does; nothing that is kept changes.");
        routes.MapPost(ShareChosen.MakePath, ShareChosen.Make).RequireAuthorization(Policies.Contribute).Audited("share.created");

        routes.MapGet(ShowLinks.Path, ShowLinks.Handle).RequireAuthorization(Policies.Contribute);
        routes.MapGet(StopAllLinks.Path, StopAllLinks.Show).RequireAuthorization(Policies.Contribute);
        routes.MapPost(StopAllLinks.Path, StopAllLinks.Stop).RequireAuthorization(Policies.Contribute).Audited("share.stopped");

        var link = routes.MapGroup("/shares/{id:guid}").RequireAuthorization(Policies.Contribute);
        link.MapGet("/", ShowLink.Handle);
        link.MapPost("/", ShowLink.Change).Audited("share.changed");
        link.MapPost("/renew", ShowLink.Renew).Audited("share.changed");
        link.MapPost("/open", ShowLink.OpenAgain).Audited("share.changed");
        link.MapPost("/copy", CopyAgain.HandleForm).Audited("share.copy-begun-anew");
        link.MapPost("/stop", StopByForm.Handle).Audited("share.stopped");

        var recordings = routes.MapGroup("/api/v1/recordings/{id:guid}/shares").RequireAuthorization(Policies.ViewRecordings).WithTags("Sharing");
        recordings.MapGet("/", ListShares.Handle);
        recordings.MapPost("/", CreateShare.Handle).RequireAuthorization(Policies.Contribute).Audited("share.created");

        var shares = routes.MapGroup("/api/v1/shares").RequireAuthorization(Policies.Contribute).WithTags("Sharing");
        shares.MapGet("/", ListTenantShares.Handle);
        shares.MapGet("/{id:guid}", GetShare.Handle);
        shares.MapPatch("/{id:guid}", ChangeShare.Handle).Audited("share.changed");
        shares.MapPost("/{id:guid}/copy", CopyAgain.Handle).Audited("share.copy-begun-anew");
        shares.MapDelete("/{id:guid}", StopShares.One).Audited("share.stopped");
        shares.MapPost("/stop", StopShares.Many).Audited("share.stopped");

        // Open to everybody who proves a link: what these answer depends on the link's own cookie and on nothing else.
        var outside = routes.MapGroup("/s/{id:guid}").AllowAnonymous().ExcludeFromDescription();
        outside.MapGet("/", ShowShare.Handle);
        outside.MapPost("/open", OpenShare.Handle).Audited("share.opened");
        outside.MapMethods("/content", GetOrHead, ShareContent.View).Audited("content.released");
        outside.MapMethods("/download", GetOrHead, ShareContent.Download).Audited("content.released");
        outside.MapGet("/poster", ShareContent.Poster).Audited("content.released");
        outside.MapGet("/thumbnails", ShareContent.Thumbnails).Audited("content.released");
        outside.MapGet("/waveform", ShareContent.Waveform).Audited("content.released");
        outside.MapGet("/captions/{language}", ShareContent.Captions).Audited("content.released");
        outside.MapGet("/events", ShareContent.Events);
        outside.MapPost("/pace", ShareContent.Pace).NotAudited("It says how fast a page plays and is kept in memory alone; what was sent is counted by the vault itself.");
        outside.MapPost("/played", ReportPlayed.Handle).Audited("viewing.started");
        outside.MapGet("/stay", StayOpen.Show);
        outside.MapPost("/stay", StayOpen.Renew).NotAudited("It is one more use of a link that is open: a cookie is written anew, and nothing that is kept changes.");
        outside.MapPost("/leave", LeaveShare.Handle).NotAudited("a cookie is given up; nothing that is kept changes");
        return routes;
    }
}
