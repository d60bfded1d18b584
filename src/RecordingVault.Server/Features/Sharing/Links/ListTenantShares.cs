using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>GET /api/v1/shares: the links of all recordings.</summary>
internal static class ListTenantShares
{
    public static async Task<Results<Ok<PageResponse<ShareResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, string? show, HttpRequest request, TenantLinks links, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        var choice = string.IsNullOrEmpty(show) ? null : LinkChoices.Read(show);
        if (choice is null && !string.IsNullOrEmpty(show))
            return Problem.Invalid("show", "leave it out, or ask for live, ended or never-opened.").ToResult();
        return await links.PageAsync(request, choice, limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Cursors.Wrong().ToResult();
    }
}
