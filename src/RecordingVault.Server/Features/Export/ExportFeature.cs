using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Export.Asking;
using RecordingVault.Server.Features.Export.Everything;
using RecordingVault.Server.Features.Export.Listing;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Export;

/// <summary>What leaves as a file: the log, and recordings as packages.</summary>
internal static class ExportFeature
{
    public static IServiceCollection AddExport(this IServiceCollection services)
    {
        services.AddScoped<LogRelease>();
        services.AddScoped<ExportOrdering>();
        services.AddScoped<ExportReach>();
        services.AddScoped<ExportReading>();
        services.AddScoped<ExportRelease>();
        services.AddScoped<ExportEnding>();
        services.AddScoped<ExportBuilds>();
        services.AddScoped<PackageMaking>();
        services.AddScoped<PackageConsents>();
        services.AddScoped<PackedFiles>();
        services.AddScoped<AskPages>();
        services.AddScoped<ExportAskers>();
        services.AddScoped<ExportLines>();
        services.AddScoped<RunRecordings>();
        services.AddScoped<EverythingPages>();
        services.AddScoped<RunOrdering>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<ExportEnding>());
        return services;
    }

    public static IEndpointRouteBuilder MapExport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit/export", ExportLog.Handle).RequireAuthorization(Policies.ReadLog).NeedsFreshSignIn().Audited(LogRelease.EventType).WithTags("Audit");

        var packages = routes.MapGroup("/api/v1/exports").RequireAuthorization(Policies.Contribute).WithTags("Exports");
        packages.MapPost("/", PostExport.Handle).NeedsFreshSignIn().Audited("export.asked");
        packages.MapGet("/", ReadExports.List);
        packages.MapGet("/{id:guid}", ReadExports.One);
        packages.MapGet("/{id:guid}/download", FetchExport.Download).NeedsFreshSignIn().Audited("export.fetched");
        packages.MapDelete("/{id:guid}", FetchExport.End).Audited("export.ended");
        packages.MapGet("/{id:guid}/events", ExportEvents.Handle);

        routes.MapGet("/recordings/{id:guid}/export", AskExport.AskForOne).NeedsFreshSignInHere().RequireAuthorization(Policies.Contribute);
        routes.MapGet(AskExport.ChosenPath, AskExport.AskForChosenAgain).NeedsFreshSignInHere().RequireAuthorization(Policies.Contribute);
        routes.MapPost(AskExport.ChosenPath, AskExport.AskForChosen).RequireAuthorization(Policies.Contribute).NotAudited("It shows a form with titles, as the library does; nothing that is kept changes.");
        var pages = routes.MapGroup(ShowExports.Path).RequireAuthorization(Policies.Contribute).ExcludeFromDescription();
        pages.MapGet("/", ShowExports.All);
        pages.MapPost("/", AskExport.Make).Audited("export.asked");
        pages.MapGet("/{id:guid}", ShowExports.One);
        pages.MapGet("/{id:guid}/download", ShowExports.Fetch).NeedsFreshSignIn(ShowExports.Path).Audited("export.fetched");
        pages.MapPost("/{id:guid}/end", ShowExports.End).Audited("export.ended");

        var everything = routes.MapGroup(EverythingPages.Path).RequireAuthorization(Policies.ExportEverything, Policies.InPerson).ExcludeFromDescription();
        everything.MapGet("/", TakeEverything.Show);
        everything.MapPost("/", TakeEverything.Begin).Audited(TakeEverything.Begun);
        everything.MapPost("/go-on", TakeEverything.GoOn).NeedsFreshSignIn(EverythingPages.Path).Audited(TakeEverything.Begun);
        everything.MapPost("/stop", TakeEverything.Stop).Audited(TakeEverything.Stopped);

        var page = routes.MapGroup(ExportLogByForm.Path).RequireAuthorization(Policies.ReadLog).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        page.MapGet("/", ExportLogByForm.Show);
        page.MapPost("/", ExportLogByForm.Make).Audited(LogRelease.EventType);
        return routes;
    }
}
