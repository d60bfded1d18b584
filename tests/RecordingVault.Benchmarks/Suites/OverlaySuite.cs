using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// What the mark costs that every film carries when it leaves: films with their index in front and at the end beside one that has none, in which no mark
/// can be written, so that it leaves as it lies. All three lie sealed in one vault and are asked of one server.
/// </summary>
internal static class OverlaySuite
{
    private const string Unmarked = "unmarked", Front = "marked, index in front", End = "marked, index at the end";
    private const string Whole = "download, GiB/s", Cpu = "download, CPU s/GiB", Deep = "deep ranges/s, 8 connections", First = "first byte, 1 connection, median µs", Late = "p99 µs", Start = "first byte of the file, median µs", Memory = "resident, MiB";
    private const int Connections = 8;
    private const int SingleRanges = 300;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    private sealed record Mode(string Name, string Content, long Length);

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var (front, end) = await PlayableFilm.MakeBothAsync(bench.Place("films"), bench.Film.Length, bench.Stopping);
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        List<Mode> modes = [];
        foreach (var (name, film) in new[] { (Unmarked, bench.Film), (Front, front), (End, end) })
        {
            await Task.Run(() => vault.Upload(film), bench.Stopping);
            await vault.ProcessedAsync(bench.Stopping, mayFail: name == Unmarked);
            var answer = await Task.Run(() => Ask(vault, vault.Content), bench.Stopping);
            if (name == Unmarked != (answer.BodyLength == film.Length))
                throw new InvalidOperationException($"{name}: {answer.BodyLength} bytes came of {film.Length}.");
            modes.Add(new Mode(name, vault.Content, answer.BodyLength));
        }

        await vault.Server.SettleAsync(bench.Stopping);
        await bench.SyncAsync();
        foreach (var mode in modes)
            await Task.Run(() => Measure(vault, new Measures(), mode), bench.Stopping);
        await bench.InterleaveAsync([.. modes.Select(mode => (mode.Name, (Func<Task>)(() => Task.Run(() => Measure(vault, measures, mode), bench.Stopping))))]);

        var report = new Report("overlay: a marked film beside one that leaves as it lies, 1 GiB each", measures)
            .Table([Unmarked, Front, End], (Whole, "0.00"), (Cpu, "0.00"), (Deep, "0"), (First, "0"), (Late, "0"), (Start, "0"), (Memory, "0"));
        foreach (var marked in new[] { Front, End })
        {
            report.AtLeast($"download, {marked} / unmarked", measures.Ratio(marked, Unmarked, Whole), 0.95, null)
                .AtLeast($"deep ranges of 1 MiB, {marked} / unmarked", measures.Ratio(marked, Unmarked, Deep), 0.95, null)
                .AtMost($"first byte of a range, {marked} / unmarked", measures.Ratio(marked, Unmarked, First), 1.2, null)
                .AtMost($"first byte of the file, {marked} / unmarked", measures.Ratio(marked, Unmarked, Start), 1.2, null);
        }

        return report.AtMost("resident memory, last round / first", Spread.Of(new[] { Unmarked, Front, End }.Select(mode => measures.Growth(mode, Memory))), 1.1, null);
    }

    private static void Measure(VaultWithFilm vault, Measures measures, Mode mode)
    {
        var cpu = vault.Server.ProcessorSeconds;
        var answer = Ask(vault, mode.Content);
        measures.Add(mode.Name, Whole, answer.BodyLength / Bench.GiB / answer.Whole.TotalSeconds);
        measures.Add(mode.Name, Cpu, (vault.Server.ProcessorSeconds - cpu) / (answer.BodyLength / Bench.GiB));

        // Behind the first half: there the offsets are those of the media and no part of the index.
        var load = new RangeLoad(mode.Name, vault.Server.Port, range => Requests.Get(vault.Server.Port, mode.Content, vault.Token, range), mode.Length) { From = mode.Length / 2 };
        var (count, elapsed) = load.AskMany(Connections, Turn);
        measures.Add(mode.Name, Deep, count / elapsed.TotalSeconds);
        var times = load.FirstBytes(SingleRanges);
        measures.Add(mode.Name, First, times[SingleRanges / 2]);
        measures.Add(mode.Name, Late, times[SingleRanges * 99 / 100]);

        using var connection = new Connection(vault.Server.Port);
        var starts = Enumerable.Range(0, SingleRanges).Select(_ => connection.Ask(Requests.Get(vault.Server.Port, mode.Content, vault.Token, (0, RangeLoad.RangeLength - 1))).FirstBodyByte.TotalMicroseconds).Order().ToArray();
        measures.Add(mode.Name, Start, starts[SingleRanges / 2]);
        measures.Add(mode.Name, Memory, ProcessReading.MemoryMiB(vault.Server.ProcessId, "VmRSS"));
    }

    private static Answer Ask(VaultWithFilm vault, string content)
    {
        using var connection = new Connection(vault.Server.Port);
        return connection.Ask(Requests.Get(vault.Server.Port, content, vault.Token));
    }
}
