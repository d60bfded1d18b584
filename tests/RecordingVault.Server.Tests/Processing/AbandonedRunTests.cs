using System.Diagnostics;
using System.Text;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>A run of ffmpeg whose server was killed ends by itself, wherever it was: nothing goes on working for nobody.</summary>
[Trait("Run", "Once")]
public sealed class AbandonedRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_works_on_ends_without_its_server()
    {
        using var folder = SandboxFolder.Create();
        using var server = Begin(folder, "-f", "lavfi", "-i", "testsrc", "-f", "null", "-");
        await UntilAsync(() => Naming(folder).Exists(IsSandbox));

        server.Kill();

        await UntilAsync(() => Naming(folder).Count == 0);
    }

    [Fact]
    public async Task One_that_is_done_and_waits_for_its_reader_ends_without_its_server()
    {
        using var folder = SandboxFolder.Create();
        var output = Path.Combine(folder.Path, "out.sock");
        await File.WriteAllBytesAsync(output, [], Ct);
        using var server = Begin(folder, "-version", $"unix:{output}");
        Assert.StartsWith("ffmpeg version", await server.StandardOutput.ReadLineAsync(Ct), StringComparison.Ordinal);
        await UntilAsync(() => !Naming(folder).Exists(IsSandbox));
        Assert.NotEmpty(Naming(folder));

        server.Kill();

        await UntilAsync(() => Naming(folder).Count == 0);
    }

    /// <returns>What stands for the server: the tool's parent.</returns>
    private static Process Begin(SandboxFolder folder, params IReadOnlyList<string> arguments)
    {
        File.WriteAllBytes(folder.Socket, []);
        string[] line = ["-c", "\"$0\" \"$@\" & wait", Path.Combine(folder.Path, "ffmpeg"), .. arguments];
        return Process.Start(new ProcessStartInfo("/bin/sh", line) { UseShellExecute = false, RedirectStandardOutput = true })!;
    }

    private static bool IsSandbox(string line) => line.StartsWith("bwrap", StringComparison.Ordinal) || line.StartsWith("nice", StringComparison.Ordinal);

    /// <summary>Command lines that name the folder, but for the one that stands for the server.</summary>
    private static List<string> Naming(SandboxFolder folder) =>
        [.. Directory.EnumerateDirectories("/proc").Where(process => Path.GetFileName(process).All(char.IsAsciiDigit)).Select(CommandLine)
            .Where(line => line.Contains(folder.Path, StringComparison.Ordinal) && !line.StartsWith("/bin/sh\0-c", StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline")));
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return "";
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isSo())
            await Task.Delay(20, limit.Token);
    }
}
