using System.Diagnostics;
using System.Globalization;
using RecordingVault.Benchmarks.Measuring;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>A film that a browser plays: H.264 and AAC in MP4, long enough to be as large as is asked for. Its index (the moov box) stands in front or at the end.</summary>
internal static class PlayableFilm
{
    // Noise can't be compressed: a short clip of it is large, and a film of it grows by repeating packets and not by encoding them.
    private const int ClipSeconds = 20;

    public static async Task<(Film IndexInFront, Film IndexAtEnd)> MakeBothAsync(string folder, long length, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var clip = Path.Combine(folder, "clip.mp4");
        await RunAsync(
            [
                "-f", "lavfi", "-i", $"testsrc2=size=1280x720:rate=25:duration={ClipSeconds}", "-f", "lavfi", "-i", $"sine=frequency=440:duration={ClipSeconds}",
                "-vf", "noise=alls=60:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", clip,
            ],
            cancellationToken);
        var repeats = (length / new FileInfo(clip).Length).ToString(CultureInfo.InvariantCulture);
        string[] repeat = ["-stream_loop", repeats, "-i", clip, "-c", "copy"];
        var atEnd = Path.Combine(folder, "index-at-end.mp4");
        var inFront = Path.Combine(folder, "index-in-front.mp4");
        await RunAsync([.. repeat, atEnd], cancellationToken);
        await RunAsync(["-i", atEnd, "-c", "copy", "-movflags", "+faststart", inFront], cancellationToken);
        File.Delete(clip);
        return (Read(inFront), Read(atEnd));
    }

    private static Film Read(string path) => new(path, new FileInfo(path).Length, FileDigest.Of([path]));

    private static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = await ffmpeg.StandardError.ReadToEndAsync(cancellationToken);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        if (ffmpeg.ExitCode != 0)
            throw new InvalidOperationException($"ffmpeg: {said}");
    }
}
