using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>Eight uploads at once into the folder store: how much memory the server has resident, and whether it grows.</summary>
internal static class MemorySuite
{
    private const string Server = "vault", Before = "before, MiB", Early = "second quarter, MiB", Late = "last quarter, MiB", Peak = "peak, MiB", Growth = "last / second quarter", Rate = "GiB/s";
    private const int Uploads = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        await vault.Server.SettleAsync(bench.Stopping);
        measures.Add(Server, Before, Resident(vault, "VmRSS"));

        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var uploads = Task.WhenAll(Enumerable.Range(0, Uploads).Select(_ => Task.Factory.StartNew(
            () => VaultWithFilm.UploadTo(vault.Server.Port, "/api/v1/uploads/", vault.Token, bench.Film), bench.Stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var samples = new List<double>();
        while (!uploads.IsCompleted)
        {
            samples.Add(Resident(vault, "VmRSS"));
            await Task.Delay(Tick, bench.Stopping);
        }

        await uploads;
        measures.Add(Server, Rate, Uploads * bench.Film.Length / Bench.GiB / System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds);
        var quarter = samples.Count / 4;
        measures.Add(Server, Early, Spread.Of(samples.Skip(quarter).Take(quarter)).Median);
        measures.Add(Server, Late, Spread.Of(samples.TakeLast(quarter)).Median);
        measures.Add(Server, Growth, measures.Of(Server, Late).Median / measures.Of(Server, Early).Median);
        measures.Add(Server, Peak, Resident(vault, "VmHWM"));

        return new Report($"memory: {Uploads} uploads of {bench.Film.Length / Bench.GiB:0.#} GiB at once, once", measures)
            .Table([Server], (Before, "0"), (Early, "0"), (Late, "0"), (Peak, "0"), (Rate, "0.00"))
            .AtMost("resident memory at its peak, MiB", measures.Of(Server, Peak), 400, 400, "0")
            .AtMost("flat: last quarter / second quarter", measures.Of(Server, Growth), null, 1.1);
    }

    private static double Resident(VaultWithFilm vault, string line) => ProcessReading.MemoryMiB(vault.Server.ProcessId, line);
}
