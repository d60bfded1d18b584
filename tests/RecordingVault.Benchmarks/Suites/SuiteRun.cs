using System.Globalization;
using System.Runtime.InteropServices;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>Runs the suites that are asked for, or all, and prints each one's tables as soon as it is done.</summary>
internal static class SuiteRun
{
    private const int DefaultRounds = 5;
    private const int DefaultMiB = 1024;

    private static readonly Dictionary<string, Func<Bench, Task<Report>>> Suites = new(StringComparer.Ordinal)
    {
        ["core"] = CoreSuite.RunAsync,
        ["ingest"] = IngestSuite.RunAsync,
        ["download"] = DownloadSuite.RunAsync,
        ["ranges"] = RangesSuite.RunAsync,
        ["memory"] = MemorySuite.RunAsync,
        ["s3"] = S3Suite.RunAsync,
        ["start"] = StartSuite.RunAsync,
        ["firstframe"] = FirstFrameSuite.RunAsync,
        ["library"] = LibrarySuite.RunAsync,
        ["consent"] = ConsentSuite.RunAsync,
        ["overlay"] = OverlaySuite.RunAsync,
        ["export"] = ExportSuite.RunAsync,
        ["retention"] = RetentionSuite.RunAsync,
    };

    public static async Task<int> RunAsync(string[] names)
    {
        if (names.FirstOrDefault(name => !Suites.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no suite {unknown}. There are: {string.Join(' ', Suites.Keys)}");
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        Console.CancelKeyPress += (_, asked) =>
        {
            asked.Cancel = true;
            stopping.Cancel();
        };
        var folder = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("BENCH_FOLDER") ?? Path.GetTempPath(), $"bench-{Environment.ProcessId}")).FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}, loopback; clients share the cores with the servers.");
            foreach (var name in names.Length > 0 ? names : [.. Suites.Keys])
            {
                // A folder for each suite: together they would need too much of the disk.
                var place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
                var film = Film.Make(Path.Combine(place, "film"), (name is "core" or "start" or "library" or "consent" or "retention" ? 1 : Setting("BENCH_MIB", DefaultMiB)) * 1024L * 1024);
                Console.WriteLine(await Suites[name](new Bench(place, Setting("BENCH_ROUNDS", DefaultRounds), film, stopping.Token)));
                Directory.Delete(place, recursive: true);
            }

            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}
