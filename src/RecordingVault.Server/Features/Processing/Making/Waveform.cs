using System.Buffers.Binary;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Features.Processing.Making;

/// <summary>How loud it is, a byte for each tenth of a second (0 silence, 255 full), and by the way how long the sound really lasts.</summary>
/// <param name="Peaks">One for each <see cref="PerSecond"/>th of a second.</param>
internal sealed record Waveform(byte[] Peaks)
{
    public const string MediaType = "application/octet-stream";
    public const int PerSecond = 10;

    private const int SamplesPerSecond = 1_000;
    private const int SamplesPerPeak = SamplesPerSecond / PerSecond;

    public TimeSpan Duration => DurationOf(Peaks.Length);

    /// <summary>Of the sound whose waveform has so many bytes.</summary>
    public static TimeSpan DurationOf(long bytes) => TimeSpan.FromSeconds((double)bytes / PerSecond);

    public static async Task<Waveform> MakeAsync(MediaDesk desk, RunLimits limits, CancellationToken cancellationToken)
    {
        byte[] peaks = [];
        var most = (long)MediaFacts.Longest.TotalSeconds * SamplesPerSecond * sizeof(short);
        await desk.RunAsync(
            $"-map 0:a:0 -vn -sn -dn -ac 1 -ar {SamplesPerSecond} -c:a pcm_s16le -f s16le",
            async (stream, token) => peaks = await ReadPeaksAsync(new BoundedStream(stream, most), token),
            limits, cancellationToken);
        return new Waveform(peaks);
    }

    private static async Task<byte[]> ReadPeaksAsync(Stream samples, CancellationToken cancellationToken)
    {
        using var peaks = new MemoryStream();
        var block = new byte[SamplesPerPeak * sizeof(short)];
        while (await samples.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken) is var count and > 1)
            peaks.WriteByte(Peak(block.AsSpan(0, count & ~1)));
        return peaks.ToArray();
    }

    private static byte Peak(ReadOnlySpan<byte> samples)
    {
        var peak = 0;
        for (var at = 0; at < samples.Length; at += sizeof(short))
            peak = Math.Max(peak, Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(samples[at..])));
        return (byte)Math.Min(255, peak >> 7);
    }
}
