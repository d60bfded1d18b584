using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <summary>GET /operator/tenants?after={id}</summary>
public sealed record OperatorTenantsPageModel
{
    public required OperatorFrame Frame { get; init; }

    public required IReadOnlyList<TenantLine> Tenants { get; init; }

    /// <summary>Where the next page begins; null at the end.</summary>
    public Guid? Next { get; init; }

    public bool IsFirst { get; init; } = true;
}

internal static class ShowTenants
{
    public static async Task<RazorComponentResult<OperatorTenantsPage>> Handle(Guid? after, HttpContext http, TenantLooks looks, OperatorAnswer answer, CancellationToken cancellationToken)
    {
        var (lines, next) = await looks.PageAsync(after, http.OperatorActor(), cancellationToken);
        return PageAnswers.Page<OperatorTenantsPage>(new OperatorTenantsPageModel { Frame = answer.Frame(http), Tenants = lines, Next = next, IsFirst = after is null });
    }
}
