using System.Collections.Frozen;
using System.Text.Json;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>The bundles of the client build: from "site.css" to the address that carries its hash.</summary>
public static class PageAssets
{
    private const string Folder = "/app/";

    private static readonly FrozenDictionary<string, string> s_paths = Read();

    /// <summary>Throws for a name that the build did not make: a page without its island must not go out silently.</summary>
    public static string Path(string name) => s_paths[name];

    /// <summary>Bundles are public, and their names change with their content: they may be kept for ever.</summary>
    public static IEndpointRouteBuilder MapPageAssets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapStaticAssets().AllowAnonymous().OnBothListeners().Add(endpoint =>
        {
            if (endpoint.RequestDelegate is not { } serve)
            {
                return;
            }

            endpoint.RequestDelegate = context =>
            {
                if (context.Request.Path.StartsWithSegments("/app", StringComparison.Ordinal))
                {
                    context.Response.OnStarting(KeepForEver, context.Response);
                }

                return serve(context);
            };
        });
        return endpoints;
    }

    private static Task KeepForEver(object response)
    {
        var answer = (HttpResponse)response;
        if (answer.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
        {
            answer.Headers.CacheControl = "public, max-age=31536000, immutable";
        }

        return Task.CompletedTask;
    }

    private static FrozenDictionary<string, string> Read()
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream("Client.assets.json")
            ?? throw new InvalidOperationException("The client build left no assets.json in the assembly.");
        var names = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
        return names.ToFrozenDictionary(name => name.Key, name => Folder + name.Value, StringComparer.Ordinal);
    }
}
