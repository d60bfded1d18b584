using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>One GiB out, over one connection, from the page cache.</summary>
internal static class DownloadSuite
{
    private const string Vault = "vault", File = "Results.File, plain", Tuned = "Results.File, plain, on the vault's listeners", Pipe = "plain bytes into the pipe", Nginx = "nginx sendfile, plain", Floor = "own floor";
    private const string Rate = "GiB/s", Cpu = "CPU s/GiB";

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var film = bench.Film;
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        await using var plain = await HostedServers.StartPlainAsync(bench.Place("plain"), film.Path, bench.Stopping);
        await using var framework = await HostedServers.StartFrameworkAsync(bench.Place("framework"), film.Path, bench.Stopping);
        await using var nginx = await Servers.Nginx.StartAsync(bench.Place("nginx"), bench.Stopping);
        System.IO.File.CreateSymbolicLink(Path.Combine(bench.Place("nginx"), "www", "film"), film.Path);
        await Task.Run(() => vault.Upload(film), bench.Stopping);
        await vault.Server.SettleAsync(bench.Stopping);
        await bench.SyncAsync();

        (string Mode, MeasuredServer Server, string Request)[] modes =
        [
            (Vault, vault.Server, Requests.Get(vault.Server.Port, vault.Content, vault.Token)),
            (File, framework, Requests.Get(framework.Port, "/film")),
            (Tuned, plain, Requests.Get(plain.Port, "/film")),
            (Pipe, plain, Requests.Get(plain.Port, "/pipe")),
            (Nginx, nginx, Requests.Get(nginx.Port, "/film")),
        ];
        foreach (var (mode, server, request) in modes)
        {
            bench.RequireSame(mode, await Task.Run(() => HashOnce(server, request), bench.Stopping));
            // What a runtime still compiles in its first seconds is no part of the comparison.
            for (var warm = 0; warm < 3; warm++)
                await Task.Run(() => AskOnce(server, request), bench.Stopping);
        }

        await bench.InterleaveAsync(
        [
            .. modes.Select(mode => (mode.Mode, (Func<Task>)(() => Task.Run(() => Measure(bench, measures, mode.Mode, mode.Server, mode.Request), bench.Stopping)))),
        ]);
        var cipher = CoreSuite.SecondsPerGiBOpening();
        for (var round = 0; round < bench.Rounds; round++)
            measures.Add(Floor, Cpu, measures.Of(Pipe, Cpu).Median + cipher);

        return new Report("download: 1 GiB, one connection", measures)
            .Table([Vault, File, Tuned, Pipe, Nginx, Floor], (Rate, "0.00"), (Cpu, "0.00"))
            .AtLeast("GiB/s / `Results.File`, plain", measures.Ratio(Vault, File, Rate), 1.0, 1.1)
            .AtMost("CPU / `Results.File`, plain", measures.Ratio(Vault, File, Cpu), 0.85, 0.80)
            .AtLeast("GiB/s / the same on the vault's listeners", measures.Ratio(Vault, Tuned, Rate), null, null)
            .AtLeast("GiB/s / nginx sendfile", measures.Ratio(Vault, Nginx, Rate), 0.40, 0.50)
            .AtMost("CPU / nginx sendfile", measures.Ratio(Vault, Nginx, Cpu), 3.0, 2.2)
            .AtMost("CPU / own floor (plain bytes into the pipe, and the cipher once)", measures.Ratio(Vault, Floor, Cpu), 1.15, 1.05);
    }

    private static string? HashOnce(MeasuredServer server, string request)
    {
        using var connection = new Connection(server.Port);
        return connection.Hash(request).Digest;
    }

    private static void AskOnce(MeasuredServer server, string request)
    {
        using var connection = new Connection(server.Port);
        connection.Ask(request);
    }

    private static void Measure(Bench bench, Measures measures, string mode, MeasuredServer server, string request)
    {
        using var connection = new Connection(server.Port);
        var cpu = server.ProcessorSeconds;
        var answer = connection.Ask(request);
        var gib = answer.BodyLength / Bench.GiB;
        measures.Add(mode, Rate, gib / answer.Whole.TotalSeconds);
        measures.Add(mode, Cpu, (server.ProcessorSeconds - cpu) / gib);
        if (answer.BodyLength != bench.Film.Length)
            throw new InvalidOperationException($"{mode} sent {answer.BodyLength} bytes.");
    }
}
