using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

internal static class GetShare
{
    public static async Task<Results<Ok<ShareResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, VaultDbContext db, ShareReading reading, CancellationToken cancellationToken) =>
        await db.Shares.AsNoTracking().SingleOrDefaultAsync(share => share.Id == id, cancellationToken) is { } share
            ? TypedResults.Ok(await reading.OpenAsync(request, share, cancellationToken))
            : Problem.NotFound.ToResult();
}
