using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>GET /certificates and /certificates/{id}, as pages and by the API. They name who was given copies: whoever reads the log reads them.</summary>
internal static class ShowCertificates
{
    public const string Path = "/certificates";
    private const int OnPage = 50;

    public static IEndpointRouteBuilder MapCertificates(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/certificates").RequireAuthorization(Policies.ReadLog).WithTags("Retention");
        api.MapGet("/", List);
        api.MapGet("/{id:guid}", One);
        routes.MapGet(Path, Show).RequireAuthorization(Policies.ReadLog);
        routes.MapGet(Path + "/{id:guid}", ShowOne).RequireAuthorization(Policies.ReadLog);
        routes.MapGet(Path + "/{id:guid}/file", Download).RequireAuthorization(Policies.ReadLog);
        return routes;
    }

    public static async Task<Results<Ok<PageResponse<CertificateLine>>, ProblemHttpResult>> List(int? limit, string? cursor, CertificateReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    /// <summary>The signed document as it was written, so that what a script keeps is what is checked.</summary>
    public static async Task<Results<Utf8ContentHttpResult, ProblemHttpResult>> One(Guid id, CertificateReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.Text(Encoding.UTF8.GetBytes(found.Text), "application/json; charset=utf-8") : Problem.NotFound.ToResult();

    public static async Task<IResult> Show(string? cursor, HttpContext http, CertificateReading reading, PageFrames frames, CancellationToken cancellationToken) =>
        await reading.PageAsync(OnPage, cursor, cancellationToken) is { } page
            ? PageAnswers.Page<CertificatesPage>(new CertificatesPageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
                Certificates = page.Items,
                EarlierCursor = page.NextCursor,
                IsNewest = string.IsNullOrEmpty(cursor),
            })
            : TypedResults.LocalRedirect(Path);

    public static async Task<IResult> ShowOne(Guid id, HttpContext http, CertificateReading reading, PageFrames frames, CancellationToken cancellationToken) =>
        await reading.ShowAsync(id, cancellationToken) is { } shown
            ? PageAnswers.Page<CertificatePage>(new CertificatePageModel(await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken), shown))
            : new NoSuchPage();

    public static async Task<IResult> Download(Guid id, CertificateReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.File(Encoding.UTF8.GetBytes(found.Text), "application/json", $"certificate-{found.Number}.json") : new NoSuchPage();
}

/// <summary>GET /certificates, the newest first.</summary>
public sealed record CertificatesPageModel
{
    public required PageFrame Frame { get; init; }

    public IReadOnlyList<CertificateLine> Certificates { get; init; } = [];

    /// <summary>Null at the end.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsNewest { get; init; } = true;
}

/// <summary>GET /certificates/{id}</summary>
public sealed record CertificatePageModel(PageFrame Frame, CertificateShown Certificate);
