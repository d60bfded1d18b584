using System.Diagnostics;
using RecordingVault.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(TusClients))]

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>The clients that others wrote, as npm has them: installed by their lock file when first asked for.</summary>
public sealed class TusClients : IDisposable
{
    private static readonly string Folder = Path.Combine(Checkout.Folder, "tests", "RecordingVault.EndToEnd.Tests", "Clients");

    private readonly SemaphoreSlim one = new(1);
    private bool isInstalled;
    private string? uppy;

    /// <summary>Begins an upload by tus-js-client in a Node of its own.</summary>
    internal async Task<TusJsUpload> BeginAsync(object task, CancellationToken ct)
    {
        await InstallAsync(ct);
        return await TusJsUpload.BeginAsync(Path.Combine(Folder, "upload.mjs"), task, ct);
    }

    /// <summary>Uppy and the word `uploadByUppy`, as one script for a page.</summary>
    internal async Task<string> UppyAsync(CancellationToken ct)
    {
        await InstallAsync(ct);
        return uppy ??= await RunAsync("npx", ["--no-install", "esbuild", "uppy.mjs", "--bundle", "--format=iife", "--target=es2022", "--log-level=warning"], ct);
    }

    public void Dispose() => one.Dispose();

    private async Task InstallAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (!isInstalled)
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], ct);
            isInstalled = true;
        }
        finally
        {
            one.Release();
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
