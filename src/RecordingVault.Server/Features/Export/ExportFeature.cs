using Microsoft.AspNetCore.Mvc;
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
        services.AddScoped<ExportReading>();
        services.AddScoped<ExportRelease>();
        services.AddScoped<ExportEnding>();
        services.AddScoped<PackageMaking>();
        services.AddScoped<PackedFiles>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<ExportEnding>());
        return services;
    }

    public static IEndpointRouteBuilder MapExport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit/export", ExportLog.Handle).RequireAuthorization(Policies.ReadLog).NeedsFreshSignIn().Audited(LogRelease.EventType).WithTags("Audit");

        var packages = routes.MapGroup("/api/v1/exports").RequireAuthorization(Policies.Contribute).WithTags("Exports");
        packages.MapPost("/", PostExport.Handle).Audited("export.asked");
        packages.MapGet("/", ReadExports.List);
        packages.MapGet("/{id:guid}", ReadExports.One);
        packages.MapGet("/{id:guid}/download", FetchExport.Download).Audited("export.fetched");
        packages.MapDelete("/{id:guid}", FetchExport.End).Audited("export.ended");

        var page = routes.MapGroup(ExportLogByForm.Path).RequireAuthorization(Policies.ReadLog).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        page.MapGet("/", ExportLogByForm.Show);
        page.MapPost("/", ExportLogByForm.Make).Audited(LogRelease.EventType);
        return routes;
    }
}
