using System.Diagnostics;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>A stand-in for ffmpeg that does try to get out: at files, at the network, at other processes, at the disk, at more memory than it may have.</summary>
[Trait("Run", "Once")]
public sealed class BreakoutTests : IDisposable
{
    /// <summary>Each line is one try; what it prints says whether it got through.</summary>
    private const string StandIn = """
        #!/bin/bash
        canary=$1 port=$2 key=$3
        grep -q canary "$canary" 2>/dev/null && echo file
        head -c 1 "$key" >/dev/null 2>&1 && echo key
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && echo listener
        (exec 3<>"/dev/tcp/127.0.0.1/22") 2>/dev/null && echo ssh
        [ "$(ls /proc | grep -c '^[0-9]')" -gt 12 ] && echo processes
        [ -n "$VAULT_CANARY" ] && echo environment
        (echo x >/tmp/written) 2>/dev/null; [ -s /tmp/written ] && echo disk
        touch /usr/bin/planted 2>/dev/null && echo programs
        ls /home /root /var /data >/dev/null 2>&1 && echo folders
        python3 -c 'x = bytearray(4 << 30)' 2>/dev/null && echo memory
        unshare --user true 2>/dev/null && unshare --mount --map-root-user mount -t tmpfs none /usr 2>/dev/null && echo mounts
        echo tried
        """;

    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory("vault-breakout-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => outside.Delete(recursive: true);

    [Fact]
    public async Task Inside_the_sandbox_every_try_fails_and_outside_the_same_tries_get_through()
    {
        using var canary = new CanaryListener();
        var file = Path.Combine(outside.FullName, "canary.txt");
        var key = Path.Combine(outside.FullName, "root.key");
        await File.WriteAllTextAsync(file, "canary", Ct);
        await File.WriteAllTextAsync(key, "0123", Ct);
        var standIn = Path.Combine(outside.FullName, "stand-in");
        await File.WriteAllTextAsync(standIn, StandIn, Ct);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var free = await RunAsync(standIn, file, canary.Port, key);
        var visits = canary.Visits;
        var caught = await RunInsideAsync(standIn, file, canary.Port, key);

        Assert.Equal(["file", "key", "listener", "environment", "disk", "tried"], free.Intersect(["file", "key", "listener", "environment", "disk", "tried"], StringComparer.Ordinal));
        Assert.Equal(["tried"], caught);
        Assert.Equal(1, visits);
        Assert.Equal(visits, canary.Visits);
    }

    [Fact]
    public async Task What_runs_inside_gives_way_to_everything_else_on_the_machine()
    {
        var standIn = Path.Combine(outside.FullName, "how-nice");
        await File.WriteAllTextAsync(standIn, "#!/bin/sh\nnice\n", Ct);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var ours = int.Parse((await RunAsync(standIn, "", 0, ""))[0], System.Globalization.CultureInfo.InvariantCulture);
        var inside = await RunInsideAsync(standIn, "", 0, "");

        Assert.Equal([$"{Math.Min(19, ours + 15)}"], inside);
    }

    /// <summary>Each process stays far below what one may have.</summary>
    [Fact]
    public async Task Many_processes_that_each_take_a_little_memory_are_ended_together()
    {
        var standIn = Path.Combine(outside.FullName, "many");
        await File.WriteAllTextAsync(standIn, """
            #!/bin/bash
            exec 3< <(for i in 1 2 3 4 5 6 7 8; do python3 -c 'import time; x = bytearray(b"x") * (64 << 20); print("taken", flush=True); time.sleep(600)' & done; wait)
            for i in 1 2 3 4 5 6 7 8; do read -r word <&3 && echo "$word"; done
            [ -n "$1" ] && sleep 600
            echo survived
            """, Ct);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var narrow = SandboxFolder.Create();
        await File.WriteAllTextAsync(Path.Combine(narrow.Path, "limits"), $"seconds=60 memory={256 << 20} processes={RunLimits.Processes}\n", Ct);
        var ended = await RunInsideAsync(narrow, standIn, "stay", 0, "");
        Assert.DoesNotContain("survived", ended);
        Assert.True(narrow.WasEndedByLimit);

        // The same with room for all of them.
        using var wide = SandboxFolder.Create();
        var whole = await RunInsideAsync(wide, standIn, "", 0, "");
        Assert.Equal([.. Enumerable.Repeat("taken", 8), "survived"], whole);
        Assert.False(wide.WasEndedByLimit);
    }

    /// <summary>A run forks no more than it needs, on a machine of any size.</summary>
    [Fact]
    public async Task It_may_start_so_many_processes_and_no_more()
    {
        var standIn = Path.Combine(outside.FullName, "forks");
        await File.WriteAllTextAsync(standIn, "#!/bin/bash\nulimit -u\n", Ct);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var told = await RunInsideAsync(standIn, "", 0, "");
        Assert.Equal([$"{RunLimits.Processes}"], told);
    }

    /// <summary>The wrapped tool, with the stand-in laid over ffmpeg's place inside.</summary>
    private static async Task<string[]> RunInsideAsync(string standIn, string file, int port, string key)
    {
        using var folder = SandboxFolder.Create();
        return await RunInsideAsync(folder, standIn, file, port, key);
    }

    private static async Task<string[]> RunInsideAsync(SandboxFolder folder, string standIn, string file, int port, string key)
    {
        await using var sample = await SealedSample.PutAsync([1, 2, 3], Ct);
        await using var source = await AssetSource.StartAsync(sample.Asset, folder.Socket, Ct);
        var tool = Path.Combine(folder.Path, "ffmpeg");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var script = await File.ReadAllTextAsync(tool, Ct);
        Assert.Contains("--ro-bind /usr /usr", script, StringComparison.Ordinal);
        await File.WriteAllTextAsync(tool, script.Replace("--ro-bind /usr /usr", $"--ro-bind /usr /usr --ro-bind {standIn} /usr/bin/ffmpeg", StringComparison.Ordinal), Ct);
        return await RunAsync(tool, file, port, key);
    }

    private static async Task<string[]> RunAsync(string program, string file, int port, string key)
    {
        var start = new ProcessStartInfo(program, [file, $"{port}", key]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["VAULT_CANARY"] = "set";
        using var process = Process.Start(start)!;
        var words = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return words.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
