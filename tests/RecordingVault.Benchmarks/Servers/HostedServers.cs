using System.Diagnostics;
using System.Globalization;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>The product and what it is compared with: this program again, as a host (<see cref="Hosting.MeasuredHost"/>).</summary>
internal static class HostedServers
{
    public static Task<MeasuredServer> StartPlainAsync(string folder, string film, CancellationToken cancellationToken)
    {
        var port = MeasuredServer.FreePort();
        return MeasuredServer.StartAsync(Host(folder, port, ["plain", folder, film]), port, "/health/ready", cancellationToken);
    }

    public static Task<MeasuredServer> StartFrameworkAsync(string folder, string film, CancellationToken cancellationToken)
    {
        var port = MeasuredServer.FreePort();
        return MeasuredServer.StartAsync(Host(folder, port, ["framework", film]), port, "/health/ready", cancellationToken);
    }

    public static Task<MeasuredServer> StartVaultAsync(string folder, CancellationToken cancellationToken)
    {
        var port = MeasuredServer.FreePort();
        return MeasuredServer.StartAsync(Host(folder, port, ["vault"]), port, "/health/ready", cancellationToken);
    }

    /// <summary>Runs one of the server's verbs over a data folder; returns the last line of its answer.</summary>
    public static Task<string> RunVerbAsync(string folder, IReadOnlyList<string> verb, CancellationToken cancellationToken) => RunAsync(folder, ["vault", .. verb], cancellationToken);

    /// <summary>Fills the tenant of a data folder up to so many recordings (<see cref="Hosting.LibrarySeed"/>). No server may run over it.</summary>
    public static Task SeedAsync(string folder, int count, CancellationToken cancellationToken) =>
        RunAsync(folder, ["seed", count.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    /// <summary>The same with so many people in each, and ten records of each person (<see cref="Hosting.ConsentSeed"/>).</summary>
    public static async Task SeedConsentAsync(string folder, int count, int people, CancellationToken cancellationToken)
    {
        await RunAsync(folder, ["seed", count.ToString(CultureInfo.InvariantCulture), people.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        await RunAsync(folder, ["seed-consent"], cancellationToken);
    }

    /// <summary>Nights of retention over a new tenant with so many recordings (<see cref="Hosting.RetentionHost"/>); returns their figures.</summary>
    public static async Task<string> RunNightsAsync(string folder, int count, int rounds, CancellationToken cancellationToken)
    {
        await RunAsync(folder, ["vault", "tenant", "create", "Bench"], cancellationToken);
        return await RunAsync(folder, ["nights", count.ToString(CultureInfo.InvariantCulture), rounds.ToString(CultureInfo.InvariantCulture)], cancellationToken);
    }

    private static async Task<string> RunAsync(string folder, string[] verb, CancellationToken cancellationToken)
    {
        var start = Host(folder, 0, verb);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? answer.TrimEnd().Split('\n')[^1] : throw new InvalidOperationException($"{string.Join(' ', verb)}: {answer}{await errors}");
    }

    private static ProcessStartInfo Host(string folder, int port, string[] arguments)
    {
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo("dotnet", [typeof(HostedServers).Assembly.Location, "host", .. arguments]) { UseShellExecute = false, WorkingDirectory = folder };
        start.Environment["Vault__DataDirectory"] = Path.Combine(folder, "data");
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        // The list of page assets is looked up by the program's name.
        start.Environment["ASPNETCORE_APPLICATIONNAME"] = "RecordingVault.Server";
        // As in a published server: a build looks for changed page assets at each request.
        start.Environment["ReloadStaticAssetsAtRuntime"] = "false";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }
}
