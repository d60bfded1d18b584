using System.Diagnostics;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>What all suites work with.</summary>
internal sealed record Bench(string Folder, int Rounds, Film Film, CancellationToken Stopping)
{
    public const double GiB = 1L << 30;

    public string Place(string name) => Path.Combine(Folder, name);

    /// <summary>Each mode once a round, so that the machine's mood meets all of them; every other round backwards, so that none is always first.</summary>
    public async Task InterleaveAsync(IReadOnlyList<(string Mode, Func<Task> Run)> modes)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (mode, run) in round % 2 == 0 ? modes : [.. modes.Reverse()])
            {
                Stopping.ThrowIfCancellationRequested();
                await Console.Error.WriteLineAsync($"round {round + 1} of {Rounds}: {mode}");
                await run();
            }
        }
    }

    /// <summary>What one mode left to be written must not be written during the next.</summary>
    public async Task SyncAsync()
    {
        using var sync = Process.Start("sync", ["-f", Folder]);
        await sync.WaitForExitAsync(Stopping);
    }

    /// <summary>
    /// Writes as much as a turn will write and deletes it, so that each turn's page cache is memory that was just in use. A virtual machine fetches
    /// memory from its host when it is first touched, which costs more than the copy into it: by turns, whoever came first would pay for all.
    /// </summary>
    public void TouchPages()
    {
        var path = Place("touched");
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var zeros = new byte[64 * 1024];
            for (long offset = 0; offset < Film.Length * 5 / 4; offset += zeros.Length)
                RandomAccess.Write(file, zeros, offset);
        }

        File.Delete(path);
    }

    public void RequireSame(string mode, string? digest)
    {
        if (digest != Film.Digest)
            throw new InvalidOperationException($"{mode}: the bytes are not those of the film.");
    }
}
