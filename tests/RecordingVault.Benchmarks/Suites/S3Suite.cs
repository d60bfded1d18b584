using System.Diagnostics;
using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// The vault over a real S3 store beside plain use of the same store: one signed PUT of the same bytes by sendfile, one signed GET of ranges. The store takes most of the two cores, for both.
/// </summary>
internal static class S3Suite
{
    private const string Vault = "vault over S3", Plain = "plain object in the same store";
    private const string In = "put, MiB/s", Out = "whole get, MiB/s", Ranges = "1 MiB ranges/s, 8 connections", Small = "files of 20 kB a second", Peak = "8 × 500 MB at once: peak, MiB", Growth = "last / second quarter";
    private const double MiB = 1 << 20;
    private const int RangeLength = 1 << 20;
    private const int Connections = 8;
    private const int SmallFiles = 2_000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        await using var store = await PlainBucket.StartAsync(bench.Place("s3"), bench.Stopping);
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        // Pools of the store and code of both are made at first use.
        await store.PutAsync("film", bench.Film);
        await Task.Run(() => vault.Upload(bench.Film), bench.Stopping);
        bench.RequireSame(Vault, await Task.Run(vault.Digest, bench.Stopping));
        await vault.Server.SettleAsync(bench.Stopping);
        var plain = await store.AddressAsync("film");

        await bench.InterleaveAsync(
        [
            (Vault, () => Task.Run(() => Measure(bench, measures, Vault, () => vault.Upload(bench.Film), vault.Server.Port, range => Requests.Get(vault.Server.Port, vault.Content, vault.Token, range), vault.Server))),
            (Plain, () => Task.Run(() => Measure(bench, measures, Plain, () => store.PutAsync("film", bench.Film).GetAwaiter().GetResult(), store.Port, range => store.Get(plain, range), null))),
        ]);
        await MeasureSmallAsync(bench, measures, vault, store);
        await MeasureMemoryAsync(bench, measures, vault);

        return new Report($"s3: {bench.Film.Length / MiB:0} MiB, Ceph's gateway in memory on the same two cores", measures)
            .Table([Vault, Plain], (In, "0"), (Out, "0"), (Ranges, "0"), (Small, "0.0"), (Peak, "0"), (Growth, "0.00"))
            .AtLeast("ingest / plain put", measures.Ratio(Vault, Plain, In), null, 0.85)
            .AtLeast("ranges / plain ranged get", measures.Ratio(Vault, Plain, Ranges), null, 0.7)
            .AtLeast("whole get / plain get", measures.Ratio(Vault, Plain, Out), null, null)
            .AtLeast($"{SmallFiles} small files / plain puts", measures.Ratio(Vault, Plain, Small), null, null)
            .AtMost("eight uploads of 500 MB at once: resident memory at its peak, MiB", measures.Of(Vault, Peak), 400, 400, "0")
            .AtMost("flat: last quarter / second quarter", measures.Of(Vault, Growth), null, 1.1);
    }

    private static void Measure(Bench bench, Measures measures, string mode, Action put, int port, Func<(long, long)?, string> get, MeasuredServer? server)
    {
        var began = Stopwatch.GetTimestamp();
        put();
        measures.Add(mode, In, bench.Film.Length / MiB / Stopwatch.GetElapsedTime(began).TotalSeconds);
        server?.SettleAsync(bench.Stopping).GetAwaiter().GetResult();
        began = Stopwatch.GetTimestamp();
        using (var whole = new Connection(port))
            whole.Ask(get(null));
        measures.Add(mode, Out, bench.Film.Length / MiB / Stopwatch.GetElapsedTime(began).TotalSeconds);
        measures.Add(mode, Ranges, AskMany(port, get, bench.Film.Length));
    }

    private static double AskMany(int port, Func<(long, long)?, string> get, long length)
    {
        var count = 0;
        var began = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Connections).Select(seed => new Thread(() =>
        {
            using var connection = new Connection(port);
            var random = new Random(seed);
            while (Stopwatch.GetElapsedTime(began) < Turn)
            {
                var from = random.NextInt64(length - RangeLength);
                if (connection.Ask(get((from, from + RangeLength - 1))).BodyLength != RangeLength)
                    throw new InvalidOperationException("Another length was answered.");
                Interlocked.Increment(ref count);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>One after another, as a script sends a folder of captions and short clips.</summary>
    private static async Task MeasureSmallAsync(Bench bench, Measures measures, VaultWithFilm vault, PlainBucket store)
    {
        var small = Film.Make(bench.Place("small"), 20_000);
        var began = Stopwatch.GetTimestamp();
        await Task.Run(() =>
        {
            for (var i = 0; i < SmallFiles; i++)
                VaultWithFilm.UploadTo(vault.Server.Port, "/api/v1/uploads/", vault.Token, small);
        });
        measures.Add(Vault, Small, SmallFiles / Stopwatch.GetElapsedTime(began).TotalSeconds);
        began = Stopwatch.GetTimestamp();
        for (var i = 0; i < SmallFiles; i++)
            await store.PutAsync($"small-{i}", small);
        measures.Add(Plain, Small, SmallFiles / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task MeasureMemoryAsync(Bench bench, Measures measures, VaultWithFilm vault)
    {
        var film = Film.Make(bench.Place("half"), 500_000_000);
        var uploads = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => VaultWithFilm.UploadTo(vault.Server.Port, "/api/v1/uploads/", vault.Token, film), bench.Stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var samples = new List<double>();
        while (!uploads.IsCompleted)
        {
            samples.Add(ProcessReading.MemoryMiB(vault.Server.ProcessId, "VmRSS"));
            await Task.Delay(100, bench.Stopping);
        }

        await uploads;
        var quarter = samples.Count / 4;
        measures.Add(Vault, Growth, Spread.Of(samples.TakeLast(quarter)).Median / Spread.Of(samples.Skip(quarter).Take(quarter)).Median);
        measures.Add(Vault, Peak, ProcessReading.MemoryMiB(vault.Server.ProcessId, "VmHWM"));
    }
}
