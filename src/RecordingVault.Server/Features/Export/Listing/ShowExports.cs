using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>What was handed out as packages: a page of all, and a page for each, where it is fetched and ended.</summary>
internal static class ShowExports
{
    public const string Path = "/exports";
    private const int OnPage = 20;

    public static string PathOf(Guid id) => $"{Path}/{id}";

    public static async Task<Results<RazorComponentResult<ExportsPage>, RedirectHttpResult>> All(string? cursor, bool? ended, HttpContext http, ExportLines lines, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await lines.PageAsync(http, OnPage, cursor, cancellationToken) is not { } page)
            return TypedResults.LocalRedirect(Path);
        return PageAnswers.Page<ExportsPage>(new ExportsPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Exports, cancellationToken),
            Exports = page.Items,
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
            OneWasEnded = ended is true,
        });
    }

    public static async Task<IResult> One(Guid id, HttpContext http, ExportLines lines, PageFrames frames, CancellationToken cancellationToken) =>
        await ModelAsync(id, http, lines, frames, cancellationToken) is { } model ? PageAnswers.Page<ExportPage>(model) : new NoSuchPage();

    /// <summary>GET /exports/{id}/download: the package, or the page that says why it is not given.</summary>
    public static async Task<IResult> Fetch(Guid id, HttpContext http, VaultDbContext db, ExportRelease release, ExportLines lines, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await ModelAsync(id, http, lines, frames, cancellationToken) is not { } model || await db.PackageExports.AsNoTracking().SingleOrDefaultAsync(export => export.Id == id, cancellationToken) is not { } export)
            return new NoSuchPage();
        return await release.RefusalOfAsync(export, http, cancellationToken) is { } refusal
            ? PageAnswers.Page<ExportPage>(model with { Refusal = refusal.Sentence }, refusal.Status)
            : new FetchedPackage(id, release);
    }

    public static async Task<IResult> End(Guid id, HttpContext http, VaultDbContext db, ExportReach reach, ExportEnding ending, CancellationToken cancellationToken)
    {
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        if (!await db.PackageExports.AnyAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken))
            return new NoSuchPage();
        await ending.EndAsync(id, http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(Path + "?ended=true");
    }

    private static async Task<ExportPageModel?> ModelAsync(Guid id, HttpContext http, ExportLines lines, PageFrames frames, CancellationToken cancellationToken) =>
        await lines.FindAsync(http, id, cancellationToken) is { } line
            ? new ExportPageModel { Frame = await frames.ForMemberAsync(http, NavEntry.Exports, cancellationToken), Export = line, Recordings = await lines.RecordingsAsync(id, cancellationToken) }
            : null;

    private sealed record FetchedPackage(Guid Id, ExportRelease Release) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Release.WriteAsync(Id, httpContext, httpContext.RequestAborted);
    }
}
