using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// From the wish for a package to the package that can be fetched, beside what somebody does who hands over a plain file: a copy of it, flushed, and its
/// SHA-256. The package is read, opened, marked, digested twice and sealed; its marks are read back and it is signed.
/// </summary>
internal static class ExportSuite
{
    private const string Vault = "package", Copy = "cp, sync and sha256sum";
    private const string Rate = "GiB/s", Cpu = "CPU s/GiB", Fetch = "fetched, GiB/s", Memory = "peak, MiB";
    private const int Factor = 2;

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var (film, other) = await PlayableFilm.MakeBothAsync(bench.Place("films"), bench.Film.Length * Factor, bench.Stopping);
        File.Delete(other.Path);
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        await Task.Run(() => vault.Upload(film), bench.Stopping);
        await vault.ProcessedAsync(bench.Stopping);
        await vault.Server.SettleAsync(bench.Stopping);
        await bench.SyncAsync();
        await MeasureVaultAsync(bench, new Measures(), vault, film);
        await bench.InterleaveAsync(
        [
            (Vault, () => MeasureVaultAsync(bench, measures, vault, film)),
            (Copy, () => MeasureCopyAsync(bench, measures, film)),
        ]);
        measures.Add(Vault, Memory, ProcessReading.MemoryMiB(vault.Server.ProcessId, "VmHWM"));

        return new Report($"export: a recording of {film.Length / Bench.GiB:0.0} GiB", measures)
            .Table([Vault, Copy], (Rate, "0.00"), (Cpu, "0.00"), (Fetch, "0.00"), (Memory, "0"))
            .AtLeast("package / cp, sync and sha256sum", measures.Ratio(Vault, Copy, Rate), 0.3, 0.5);
    }

    private static async Task MeasureVaultAsync(Bench bench, Measures measures, VaultWithFilm vault, Film film)
    {
        using var client = vault.Client();
        var gib = film.Length / Bench.GiB;
        var cpu = vault.Server.ProcessorSeconds;
        var began = Stopwatch.GetTimestamp();
        using var made = await client.PostAsJsonAsync("/api/v1/exports", new { recordings = new[] { vault.RecordingId }, purpose = "share-external", recipient = "Anna Ruiz" }, bench.Stopping);
        made.EnsureSuccessStatusCode();
        var address = made.Headers.Location!.OriginalString;
        await ReadyAsync(client, address, bench.Stopping);
        measures.Add(Vault, Rate, gib / Stopwatch.GetElapsedTime(began).TotalSeconds);
        measures.Add(Vault, Cpu, (vault.Server.ProcessorSeconds - cpu) / gib);

        await Task.Run(
            () =>
            {
                using var connection = new Connection(vault.Server.Port);
                var answer = connection.Ask(Requests.Get(vault.Server.Port, address + "/download", vault.Token));
                measures.Add(Vault, Fetch, answer.BodyLength / Bench.GiB / answer.Whole.TotalSeconds);
            },
            bench.Stopping);
        using var ended = await client.DeleteAsync(address, bench.Stopping);
        ended.EnsureSuccessStatusCode();
        await vault.Server.SettleAsync(bench.Stopping);
        await bench.SyncAsync();
    }

    private static async Task ReadyAsync(HttpClient client, string address, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(address, cancellationToken));
            switch (answer.RootElement.GetProperty("state").GetString())
            {
                case "ready":
                    return;
                case "waiting" or "building":
                    await Task.Delay(50, cancellationToken);
                    break;
                default:
                    throw new InvalidOperationException($"No package was made: {answer.RootElement}");
            }
        }
    }

    private static async Task MeasureCopyAsync(Bench bench, Measures measures, Film film)
    {
        var copy = bench.Place("copy.mp4");
        var began = Stopwatch.GetTimestamp();
        await RunAsync("cp", film.Path, copy);
        await bench.SyncAsync();
        await RunAsync("sha256sum", copy);
        measures.Add(Copy, Rate, film.Length / Bench.GiB / Stopwatch.GetElapsedTime(began).TotalSeconds);
        File.Delete(copy);
        await bench.SyncAsync();

        async Task RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
            await process.StandardOutput.ReadToEndAsync(bench.Stopping);
            await process.WaitForExitAsync(bench.Stopping);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
