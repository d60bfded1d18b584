using System.Diagnostics;

namespace RecordingVault.Cli.Tests;

/// <summary>A program that is not ours. Python is the system's, whose `cryptography` the tests' set-up installs; another `python3` may lack it.</summary>
internal static class OutsideProgram
{
    public const string Python = "/usr/bin/python3";

    public static readonly string Vectors = Path.Combine(RepositoryRoot(), "tests", "vectors");

    public static async Task<(int Code, string Out, string Error)> RunAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public static Task<(int Code, string Out, string Error)> OpenPyAsync(params string[] args) => RunAsync(Python, [Path.Combine(Vectors, "open.py"), .. args]);

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RecordingVault.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
