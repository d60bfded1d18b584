using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Export.Packages;

/// <param name="Recordings">One, or several that become a bundle.</param>
/// <param name="Purpose">What they are handed out for.</param>
/// <param name="Recipient">To whom, by name.</param>
/// <param name="Format">package, or absent.</param>
/// <param name="LicensedUntil">When the licence in the package ends; absent: in a year.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ExportRequest(IReadOnlyList<Guid>? Recordings, string? Purpose, string? Recipient, string? Format, DateTimeOffset? LicensedUntil);

/// <summary>POST /api/v1/exports.</summary>
internal static class PostExport
{
    public static async Task<Results<Accepted<ExportResponse>, ProblemHttpResult>> Handle(ExportRequest request, HttpContext http, ExportOrdering ordering, ExportReading reading, CancellationToken cancellationToken)
    {
        var (id, refusal) = await ordering.OrderAsync(request, http, cancellationToken);
        return refusal is not null ? refusal.ToResult() : TypedResults.Accepted($"/api/v1/exports/{id}", (await reading.FindAsync(id, http, cancellationToken))!);
    }
}
