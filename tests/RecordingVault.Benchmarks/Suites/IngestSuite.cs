using System.Diagnostics;
using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// One GiB in: by tus to the vault and to the plain baseline, which both answer when every byte is durable; by PUT to nginx and rclone, which flush
/// nothing. To be alike they are measured up to the end of a flush that the suite makes behind them; their bare time is told beside it.
/// </summary>
internal static class IngestSuite
{
    private const string Vault = "vault, tus", Plain = "plain bytes, tus", Nginx = "nginx DAV PUT", Rclone = "rclone WebDAV over crypt";
    private const int MostOfASegment = 2 * 1024 * 1024;
    private const string Durable = "GiB/s, durable", Bare = "GiB/s, not flushed", Cpu = "CPU s/GiB";

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var film = bench.Film;
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        await using var plain = await HostedServers.StartPlainAsync(bench.Place("plain"), film.Path, bench.Stopping);
        await using var nginx = await Servers.Nginx.StartAsync(bench.Place("nginx"), bench.Stopping);
        await using var rclone = await Servers.Rclone.StartAsync("webdav", bench.Place("rclone"), bench.Stopping);

        (string Mode, Func<Measures, Task> Run)[] modes =
        [
            (Vault, into => MeasureAsync(bench, into, Vault, vault.Server, () => vault.Upload(film), null, () => TakeSegments(vault, bench.Place("vault")))),
            (Plain, into => MeasureAsync(
                bench, into, Plain, plain, () => VaultWithFilm.UploadTo(plain.Port, "/uploads", null, film), null, () => Take(Path.Combine(bench.Place("plain"), "plain")))),
            (Nginx, into => MeasureAsync(bench, into, Nginx, nginx, () => Put(nginx, film), Path.Combine(bench.Place("nginx"), "www"), () => Take(Path.Combine(bench.Place("nginx"), "www")))),
            (Rclone, into => MeasureAsync(bench, into, Rclone, rclone, () => Put(rclone, film), Servers.Rclone.Files(bench.Place("rclone")), () => TakeSealed(rclone, bench.Place("rclone")))),
        ];
        // What a runtime still compiles in its first seconds is no part of the comparison.
        foreach (var (_, run) in modes)
            await run(new Measures());
        await bench.InterleaveAsync([.. modes.Select(mode => (mode.Mode, (Func<Task>)(() => mode.Run(measures))))]);

        return new Report("ingest: 1 GiB in one request", measures)
            .Table([Vault, Plain, Nginx, Rclone], (Durable, "0.000"), (Bare, "0.000"), (Cpu, "0.00"))
            .AtLeast("/ plain bytes on the same server", measures.Ratio(Vault, Plain, Durable), 0.85, 0.90)
            .AtLeast("/ nginx DAV PUT, flushed behind it", measures.Ratio(Vault, Nginx, Durable), 1.0, 1.2)
            .AtLeast("/ nginx DAV PUT, not flushed (unlike)", measures.Ratio((Vault, Durable), (Nginx, Bare)), null, null)
            .AtLeast("/ rclone WebDAV over crypt, flushed behind it", measures.Ratio(Vault, Rclone, Durable), 2, 3)
            .AtLeast("/ rclone WebDAV over crypt, not flushed (unlike)", measures.Ratio((Vault, Durable), (Rclone, Bare)), null, null)
            .AtMost("CPU / plain bytes on the same server", measures.Ratio(Vault, Plain, Cpu), null, null);
    }

    /// <param name="toFlush">Folder whose files the server leaves unflushed; null where its answer promises durable bytes.</param>
    /// <param name="take">The digest of what was stored, which is then deleted: a mode that kept its files would write to memory that nobody used yet.</param>
    private static async Task MeasureAsync(Bench bench, Measures measures, string mode, MeasuredServer server, Action upload, string? toFlush, Func<string> take)
    {
        await bench.SyncAsync();
        using var memory = await Task.Run(() => WarmMemory.Take(bench.Place("memory"), bench.Film.Length * 5 / 4), bench.Stopping);
        var cpu = server.ProcessorSeconds;
        var began = Stopwatch.GetTimestamp();
        await Task.Run(upload, bench.Stopping);
        var bare = Stopwatch.GetElapsedTime(began);
        measures.Add(mode, Cpu, (server.ProcessorSeconds - cpu) / (bench.Film.Length / Bench.GiB));
        if (toFlush is not null)
        {
            measures.Add(mode, Bare, bench.Film.Length / Bench.GiB / bare.TotalSeconds);
            Flush(toFlush);
        }

        measures.Add(mode, Durable, bench.Film.Length / Bench.GiB / Stopwatch.GetElapsedTime(began).TotalSeconds);
        await server.SettleAsync(bench.Stopping);
        bench.RequireSame(mode, await Task.Run(take, bench.Stopping));
    }

    private static void Put(MeasuredServer server, Film film)
    {
        using var connection = new Connection(server.Port);
        connection.Send(Requests.Put(server.Port, "/film", film.Length), film.Path);
    }

    private static void Flush(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        RecordingVault.Vault.Storage.DurableFolder.Flush(folder);
    }

    private static string Take(string folder)
    {
        var digest = FileDigest.Of(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Empty(folder);
        return digest;
    }

    private static string TakeSegments(VaultWithFilm vault, string folder)
    {
        var digest = vault.Digest();
        foreach (var segment in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Length > MostOfASegment && !file.Name.Contains("db", StringComparison.Ordinal)))
            segment.Delete();
        return digest;
    }

    private static string TakeSealed(MeasuredServer rclone, string folder)
    {
        using var connection = new Connection(rclone.Port);
        var digest = connection.Hash(Requests.Get(rclone.Port, "/film")).Digest!;
        Empty(Servers.Rclone.Files(folder));
        return digest;
    }

    /// <summary>The files go, the folders stay: the server knows them.</summary>
    private static void Empty(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.Delete(file);
    }
}
