using System.Diagnostics;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>From the process's start to the first 200 of /health/ready: on nothing, where database, store and keys are made, and over a vault that is there.</summary>
internal static class StartSuite
{
    private const string First = "first start, empty folder", Later = "start over a vault", Plain = "plain baseline", Seconds = "seconds to /health/ready";

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        await using (await HostedServers.StartVaultAsync(bench.Place("known"), bench.Stopping))
            await bench.SyncAsync();
        var made = 0;
        await bench.InterleaveAsync(
        [
            (First, () => MeasureAsync(measures, First, () => HostedServers.StartVaultAsync(bench.Place($"new-{made++}"), bench.Stopping))),
            (Later, () => MeasureAsync(measures, Later, () => HostedServers.StartVaultAsync(bench.Place("known"), bench.Stopping))),
            (Plain, () => MeasureAsync(measures, Plain, () => HostedServers.StartPlainAsync(bench.Place("plain"), bench.Film.Path, bench.Stopping))),
        ]);

        return new Report("start", measures).Table([First, Later, Plain], (Seconds, "0.00"));
    }

    private static async Task MeasureAsync(Measures measures, string mode, Func<Task<MeasuredServer>> start)
    {
        var began = Stopwatch.GetTimestamp();
        await using (await start())
            measures.Add(mode, Seconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
