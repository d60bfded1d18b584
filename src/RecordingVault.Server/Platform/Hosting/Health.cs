using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>For load balancers and scripts; says yes or no and nothing else. Detail belongs to the operator.</summary>
internal static class Health
{
    private static readonly Problem NotReady = new("vault-not-ready", 503, "The vault can't reach its database or its store. `doctor` says which.");

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live")).AllowAnonymous();
        routes.MapGet("/health/ready", Ready).AllowAnonymous();
        return routes;
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ready(VaultDbContext db, SealedStore store, CancellationToken cancellationToken)
    {
        try
        {
            if (!await db.Database.CanConnectAsync(cancellationToken))
                return NotReady.ToResult();
            await store.CheckAsync(cancellationToken);
            return TypedResults.Text("ready");
        }
        catch (IOException)
        {
            return NotReady.ToResult();
        }
    }
}
