using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>What somebody has who serves plain files with the framework and changes none of its settings.</summary>
internal static class FrameworkServer
{
    public static async Task<int> RunAsync(string film)
    {
        var builder = WebApplication.CreateBuilder();
        // As the settings file that comes with every new project says.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Text("ready"));
        app.MapGet("/film", () => Results.File(film, "video/mp4", enableRangeProcessing: true));
        await app.RunAsync();
        return 0;
    }
}
