using System.Globalization;
using System.Text;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>What still works for a server that is gone: a killed server's tools end by themselves, when they find that nobody reads them any more.</summary>
internal static class ProcessesOf
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    /// <summary>Returns when no command line names the folder any more; a process that goes on without its server is a fault.</summary>
    /// <exception cref="TimeoutException">Some still do; the message has their command lines.</exception>
    public static async Task UntilEndedAsync(string folder)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        while (Naming(folder) is { Count: > 0 } left)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Still running after the server ended:\n{string.Join('\n', left)}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static List<string> Naming(string folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId)
            .Select(CommandLine)
            .Where(line => line.Contains(folder, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return "";
        }
    }
}
