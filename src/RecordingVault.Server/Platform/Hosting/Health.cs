using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>For load balancers and scripts; says yes or no and nothing else. Detail belongs to the operator.</summary>
internal static class Health
{
    private static readonly Problem NotReady = new("vault-not-ready", 503, "The vault can't reach its database or its store. `doctor` says which.");

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddHostedService(provider => provider.GetRequiredService<Readiness>());
        return services;
    }

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live")).AllowAnonymous();
        routes.MapGet("/health/ready", Ready).AllowAnonymous();
        return routes;
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Ready(Readiness readiness) => readiness.IsReady ? TypedResults.Text("ready") : NotReady.ToResult();
}
