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

    public void RequireSame(string mode, string? digest)
    {
        if (digest != Film.Digest)
            throw new InvalidOperationException($"{mode}: the bytes are not those of the film.");
    }
}
