using System.Diagnostics;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>What a run of `vault` left behind.</summary>
internal sealed record CommandRun(int Code, string Out, string Error)
{
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The published program `vault` as a person runs it on a machine of his own: with folders for settings and state that are nobody else's.</summary>
internal sealed class CommandLine : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "cli", "vault.dll");

    public string Folder { get; } = Directory.CreateTempSubdirectory("recordingvault-cli-").FullName;

    public string SignInFile => Path.Combine(Folder, "config", "recordingvault", "login.json");

    public string MemoryFolder => Path.Combine(Folder, "state", "recordingvault", "uploads");

    public string ExportsFolder => Path.Combine(Folder, "state", "recordingvault", "exports");

    /// <summary>Added to the environment of each run.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public Task<CommandRun> RunAsync(CancellationToken ct, params string[] arguments) => RunAsync("", ct, arguments);

    /// <param name="piped">What comes on standard input.</param>
    public async Task<CommandRun> RunAsync(string piped, CancellationToken ct, params string[] arguments)
    {
        using var running = Start(arguments);
        await running.StandardInput.WriteAsync(piped);
        running.StandardInput.Close();
        return await EndAsync(running, ct);
    }

    public Process Start(params string[] arguments)
    {
        // As from a terminal: what a shell started in the background inherits is deaf to an interrupt.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Folder, "config");
        start.Environment["XDG_STATE_HOME"] = Path.Combine(Folder, "state");
        start.Environment.Remove("VAULT_ADDRESS");
        start.Environment.Remove("VAULT_TOKEN");
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<CommandRun> EndAsync(Process running, CancellationToken ct)
    {
        var (output, errors) = (running.StandardOutput.ReadToEndAsync(ct), running.StandardError.ReadToEndAsync(ct));
        await running.WaitForExitAsync(ct);
        return new CommandRun(running.ExitCode, await output, await errors);
    }

    /// <summary>Reads what the program says until it has said a word, and no further.</summary>
    public static async Task UntilAsync(Process running, string word, CancellationToken ct)
    {
        while (await running.StandardError.ReadLineAsync(ct) is { } line)
        {
            if (line.Contains(word, StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException($"The program ended and never said '{word}': {await running.StandardOutput.ReadToEndAsync(ct)}");
    }
}
