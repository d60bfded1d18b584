using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>Random unaligned ranges of 1 MiB out of 1 GiB, as a player that is being sought through asks for them.</summary>
internal static class RangesSuite
{
    private const string Vault = "vault", File = "Results.File, plain", Tuned = "Results.File, plain, on the vault's listeners", Rclone = "rclone HTTP over crypt, read-ahead off";
    private const string Rate = "ranges/s, 8 connections", Cpu = "CPU s/GiB, 8 connections", First = "first byte, 1 connection, median µs", Late = "p99 µs";
    private const string Allocated = "KiB allocated a range", Full = "gen-2 collections";
    private const int Connections = 8;
    private const int SingleRanges = 300;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    private sealed record Mode(string Name, MeasuredServer Server, Func<(long, long)?, string> Request, bool CountsAllocation);

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var film = bench.Film;
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        await using var framework = await HostedServers.StartFrameworkAsync(bench.Place("framework"), film.Path, bench.Stopping);
        await using var plain = await HostedServers.StartPlainAsync(bench.Place("plain"), film.Path, bench.Stopping);
        await Servers.Rclone.TakeInAsync(film, bench.Place("rclone"), bench.Stopping);
        await using var rclone = await Servers.Rclone.StartAsync("http", bench.Place("rclone"), bench.Stopping);
        await Task.Run(() => vault.Upload(film), bench.Stopping);
        await vault.Server.SettleAsync(bench.Stopping);
        await bench.SyncAsync();

        Mode[] modes =
        [
            new(Vault, vault.Server, range => Requests.Get(vault.Server.Port, vault.Content, vault.Token, range), CountsAllocation: true),
            new(File, framework, range => Requests.Get(framework.Port, "/film", null, range), CountsAllocation: true),
            new(Tuned, plain, range => Requests.Get(plain.Port, "/film", null, range), CountsAllocation: true),
            new(Rclone, rclone, range => Requests.Get(rclone.Port, "/film", null, range), CountsAllocation: false),
        ];
        foreach (var mode in modes)
        {
            bench.RequireSame(mode.Name, await Task.Run(() => HashOnce(mode), bench.Stopping));
            await Task.Run(() => Load(bench, mode).AskMany(Connections, Turn), bench.Stopping);
        }

        await bench.InterleaveAsync([.. modes.Select(mode => (mode.Name, (Func<Task>)(() => Task.Run(() => Measure(bench, measures, mode), bench.Stopping))))]);

        return new Report("ranges: 1 MiB each, anywhere in 1 GiB", measures)
            .Table([Vault, File, Tuned, Rclone], (Rate, "0"), (Cpu, "0.00"), (First, "0"), (Late, "0"), (Allocated, "0.0"), (Full, "0"))
            .AtLeast("ranges/s, 8 connections / `Results.File`, plain", measures.Ratio(Vault, File, Rate), 1.0, 1.2)
            .AtLeast("ranges/s, 8 connections / the same on the vault's listeners", measures.Ratio(Vault, Tuned, Rate), null, null)
            .AtLeast("ranges/s, 8 connections / rclone HTTP over crypt, read-ahead off", measures.Ratio(Vault, Rclone, Rate), 2, 3)
            .AtMost("first byte, 1 connection / `Results.File`, plain", measures.Ratio(Vault, File, First), 2.0, 1.5)
            .AtMost("KiB allocated a range", measures.Of(Vault, Allocated), 16, 16, "0.0")
            .AtMost("gen-2 collections under load", measures.Of(Vault, Full), 0, 0, "0");
    }

    private static string? HashOnce(Mode mode)
    {
        using var connection = new Connection(mode.Server.Port);
        return connection.Hash(mode.Request(null)).Digest;
    }

    private static void Measure(Bench bench, Measures measures, Mode mode)
    {
        var counters = mode.CountsAllocation ? mode.Server.Counters(bench.Stopping) : default;
        var cpu = mode.Server.ProcessorSeconds;
        var (count, elapsed) = Load(bench, mode).AskMany(Connections, Turn);
        measures.Add(mode.Name, Rate, count / elapsed.TotalSeconds);
        measures.Add(mode.Name, Cpu, (mode.Server.ProcessorSeconds - cpu) / ((double)count * RangeLoad.RangeLength / Bench.GiB));
        if (mode.CountsAllocation)
        {
            var (allocated, full) = mode.Server.Counters(bench.Stopping);
            measures.Add(mode.Name, Allocated, (allocated - counters.Allocated) / 1024.0 / count);
            measures.Add(mode.Name, Full, full - counters.FullCollections);
        }

        var times = Load(bench, mode).FirstBytes(SingleRanges);
        measures.Add(mode.Name, First, times[SingleRanges / 2]);
        measures.Add(mode.Name, Late, times[SingleRanges * 99 / 100]);
    }

    private static RangeLoad Load(Bench bench, Mode mode) => new(mode.Name, mode.Server.Port, mode.Request, bench.Film.Length);
}
