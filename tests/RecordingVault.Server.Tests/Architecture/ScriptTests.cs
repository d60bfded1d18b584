using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>What lies in infra/ acts with its caller's rights on his machine: it keeps to its own folders, whatever their names.</summary>
[Trait("Run", "Once")]
public sealed partial class ScriptTests : IDisposable
{
    private static readonly string[] Foreign = ["a", "checkout", "old"];
    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault scripts ").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_builds_go_and_nothing_beside_them_where_paths_have_blanks()
    {
        var builds = Directory.CreateDirectory(Path.Combine(folder, "a checkout", "run")).FullName;
        // What deleting by words would take "… a checkout/run/1 old" for.
        var foreign = Foreign.Select(name => Directory.CreateDirectory(Path.Combine(folder, name)).FullName).ToList();
        foreach (var (name, age) in new[] { ("1 old", 4), ("2\nold", 3), ("3 kept", 2), ("4 kept", 1) })
            Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(Path.Combine(builds, name)).FullName, DateTime.UnixEpoch.AddDays(100 - age));

        await RunAsync("keep_newest 2 \"$PWD/a checkout/run\"");

        Assert.Equal(["3 kept", "4 kept"], Directory.GetDirectories(builds).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(foreign, path => Assert.True(Directory.Exists(path), path));
    }

    [Fact]
    public void No_script_hands_names_on_by_words()
    {
        var wrong = Checkout.Files("infra", "*.sh").Where(path => WordsToXargs().IsMatch(Checkout.Read(path)));

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void A_proxy_sends_nobody_on_by_a_decoded_address()
    {
        var wrong = Checkout.Files("infra/proxy", "*").SelectMany(path => Checkout.Read(path).Split('\n').Select(line => $"{path}: {line.Trim()}"))
            .Where(line => DecodedAddress().IsMatch(line));

        Assert.Equal("", string.Join('\n', wrong));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task RunAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", $". \"$1\"; {command}", "bash", Path.Combine(Checkout.Folder, "infra/lib.sh")])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var bash = Process.Start(start)!;
        var error = await bash.StandardError.ReadToEndAsync(Ct);
        await bash.WaitForExitAsync(Ct);
        Assert.True(bash.ExitCode == 0, error);
    }

    [GeneratedRegex(@"xargs (?!-0)")]
    private static partial Regex WordsToXargs();

    /// <summary>nginx decodes $uri and $document_uri; in a log it writes them escaped, in a header not.</summary>
    [GeneratedRegex(@": (return|rewrite|add_header|proxy_\w+) .*\$(document_)?uri\b")]
    private static partial Regex DecodedAddress();
}
