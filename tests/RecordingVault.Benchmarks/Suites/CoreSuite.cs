using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Vault.Format;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>The cipher alone, on one core, against OpenSSL's own measure of itself.</summary>
internal static class CoreSuite
{
    private const string Rate = "GiB/s", Allocated = "bytes allocated a chunk";
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private delegate void Work(ChunkCipher cipher, long chunk, byte[] text, byte[] sealedChunk);

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        await bench.InterleaveAsync(
        [
            ("openssl", async () => measures.Add("openssl speed", Rate, await OpenSslAsync(bench.Stopping))),
            ("seal", () => Task.Run(() => Measure(measures, "seal in place", Seal), bench.Stopping)),
            ("open", () => Task.Run(() => Measure(measures, "open", Open), bench.Stopping)),
        ]);

        return new Report("core: AES-256-GCM, chunks of 64 KiB, one core", measures)
            .Table(["openssl speed", "seal in place", "open"], (Rate, "0.00"), (Allocated, "0"))
            .AtLeast("sealing / `openssl speed`", measures.Ratio("seal in place", "openssl speed", Rate), 0.80, 0.95)
            .AtMost("bytes allocated a chunk, sealing", measures.Of("seal in place", Allocated), 0, 0, "0")
            .AtMost("bytes allocated a chunk, opening", measures.Of("open", Allocated), 0, 0, "0");
    }

    /// <summary>CPU seconds of opening one GiB: the cipher's part of the download's own floor.</summary>
    public static double SecondsPerGiBOpening()
    {
        var measures = new Measures();
        Measure(measures, "open", Open);
        return 1 / measures.Of("open", Rate).Median;
    }

    private static void Seal(ChunkCipher cipher, long chunk, byte[] text, byte[] sealedChunk) => cipher.Seal(chunk, false, text, sealedChunk.AsSpan(^SealedLayout.TagLength..));

    private static void Open(ChunkCipher cipher, long chunk, byte[] text, byte[] sealedChunk) => cipher.Open(0, false, sealedChunk, text);

    private static void Measure(Measures measures, string mode, Work work)
    {
        using var cipher = new ChunkCipher(RandomNumberGenerator.GetBytes(32));
        var text = GC.AllocateArray<byte>(SealedLayout.ChunkLength, pinned: true);
        var sealedChunk = GC.AllocateArray<byte>(SealedLayout.SealedChunkLength, pinned: true);
        cipher.Seal(0, false, sealedChunk.AsSpan(..SealedLayout.ChunkLength), sealedChunk.AsSpan(SealedLayout.ChunkLength..));
        for (var warm = 0; warm < 2000; warm++)
            work(cipher, 1 + warm, text, sealedChunk);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        long chunks = 0;
        while (Stopwatch.GetElapsedTime(began) < Turn)
        {
            for (var batch = 0; batch < 64; batch++)
                work(cipher, chunks++, text, sealedChunk);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        measures.Add(mode, Allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)chunks);
        measures.Add(mode, Rate, chunks * SealedLayout.ChunkLength / Bench.GiB / seconds);
    }

    private static async Task<double> OpenSslAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("openssl", ["speed", "-elapsed", "-seconds", "1", "-bytes", "65536", "-evp", "aes-256-gcm"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        // The last line: the cipher's name, and thousands of bytes a second with a k behind.
        var figure = output.TrimEnd().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        return double.Parse(figure.TrimEnd('k'), CultureInfo.InvariantCulture) * 1000 / Bench.GiB;
    }
}
