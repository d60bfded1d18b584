using System.Globalization;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>The nightly run over 10,000 and 1,000,000 recordings of which one in a hundred is due: by item it costs the same, and it holds no more in memory.</summary>
internal static class RetentionSuite
{
    private const string Rate = "items/s", Bare = "bare database, items/s", PerItem = "ms an item", Allocated = "kB allocated an item", Peak = "MiB at the peak", Share = "share of the bare database's rate";

    private static readonly int[] s_sizes = [10_000, 1_000_000];

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        foreach (var size in s_sizes)
            await MeasureAsync(bench, measures, size);
        string[] modes = [.. s_sizes.Select(Mode)];
        return new Report("retention", measures)
            .Note("A whole night, in which the dates are looked over, people are told and what is due goes to the trash with two events of the log, a transaction for each. The bare database changes two rows of each, in as many transactions, without log and reckoning.")
            .Table(modes, (Rate, "0"), (Bare, "0"), (Share, "0.00"), (PerItem, "0.00"), (Allocated, "0"), (Peak, "0"))
            .AtMost("ms an item, 1,000,000 / 10,000", measures.Ratio(modes[1], modes[0], PerItem), 2, 1.2)
            .AtMost("kB allocated an item", measures.Ratio(modes[1], modes[0], Allocated), 2, 1.2)
            .AtMost("memory at the peak", measures.Ratio(modes[1], modes[0], Peak), 1.5, 1.2);
    }

    private static string Mode(int size) => size.ToString("N0", CultureInfo.InvariantCulture) + " recordings";

    private static async Task MeasureAsync(Bench bench, Measures measures, int size)
    {
        await Console.Error.WriteLineAsync($"nights over {Mode(size)}");
        var (folder, mode, due) = (bench.Place($"retention-{size}"), Mode(size), size / 100.0);
        foreach (var round in (await HostedServers.RunNightsAsync(folder, size, bench.Rounds, bench.Stopping)).Split(';'))
        {
            var read = round.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToList();
            measures.Add(mode, Rate, due / read[0]);
            measures.Add(mode, Bare, due / read[1]);
            measures.Add(mode, Share, read[1] / read[0]);
            measures.Add(mode, PerItem, read[0] * 1_000 / due);
            measures.Add(mode, Allocated, read[2] / 1_000 / due);
            measures.Add(mode, Peak, read[3]);
        }
    }
}
