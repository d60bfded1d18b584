using System.Diagnostics;
using System.Security.Cryptography;
using RecordingVault.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(MeetingFiles))]

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>Synthesised meetings, made by ffmpeg and espeak-ng when first asked for and kept until the run ends.</summary>
public sealed class MeetingFiles : IDisposable
{
    public const string SpokenWords = "Good morning. This is the weekly coaching session. Let us look at the marigold plan together.";

    /// <summary>Stands in the files' own metadata, so that a search of the disk can tell whether the content lies there in clear.</summary>
    public const string Marker = "marigold-7f3a91c2-meeting";

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-media-").FullName;
    private readonly SemaphoreSlim one = new(1);

    /// <summary>About seven seconds of H.264 and AAC in MP4, 640 by 360, the index at the end as recorders write it.</summary>
    internal Task<string> ShortAsync(CancellationToken ct) => OnceAsync("coaching session.mp4", MakeShortAsync, ct);

    /// <summary>Twenty minutes at a steady 2 Mbit/s (300 MB): twenty seconds, repeated by copying.</summary>
    internal Task<string> LongAsync(CancellationToken ct) => OnceAsync("all hands.mp4", MakeLongAsync, ct);

    /// <summary>The spoken words alone, AAC in M4A.</summary>
    internal Task<string> SoundAsync(CancellationToken ct) => OnceAsync("coaching session.m4a", MakeSoundAsync, ct);

    /// <summary>Noise that begins like an MP4, which is as far as the server looks; with its SHA-256.</summary>
    internal static async Task<(string Path, byte[] Digest)> NoiseAsync(string folder, string name, int length, CancellationToken ct)
    {
        var file = RandomNumberGenerator.GetBytes(length);
        "\0\0\0\u0018ftypisom\0\0\0\0isommp42"u8.CopyTo(file);
        var path = Path.Combine(folder, name);
        await File.WriteAllBytesAsync(path, file, ct);
        return (path, SHA256.HashData(file));
    }

    public void Dispose()
    {
        one.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> OnceAsync(string name, Func<string, CancellationToken, Task> make, CancellationToken ct)
    {
        var path = Path.Combine(folder, name);
        await one.WaitAsync(ct);
        try
        {
            if (!File.Exists(path))
                await make(path, ct);
            return path;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task MakeSoundAsync(string path, CancellationToken ct) =>
        await RunAsync("ffmpeg", ["-v", "error", "-i", await SpeakAsync(ct), "-c:a", "aac", path], ct);

    private async Task MakeShortAsync(string path, CancellationToken ct)
    {
        var voice = await SpeakAsync(ct);
        await RunAsync("ffmpeg", [
            "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-i", voice, "-shortest", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-b:a", "96k", "-metadata", $"title={Marker}", "-metadata", $"comment={Marker}", path,
        ], ct);
    }

    private async Task MakeLongAsync(string path, CancellationToken ct)
    {
        var voice = await SpeakAsync(ct);
        var clip = Path.Combine(folder, "clip.mp4");
        await RunAsync("ffmpeg", [
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-stream_loop", "-1", "-i", voice, "-t", "20", "-c:v", "libx264", "-preset", "ultrafast",
            "-pix_fmt", "yuv420p", "-g", "50", "-b:v", "1900k", "-minrate", "1900k", "-maxrate", "1900k", "-bufsize", "1900k", "-x264-params", "nal-hrd=cbr",
            "-c:a", "aac", "-b:a", "96k", "-ac", "2", clip,
        ], ct);
        await RunAsync("ffmpeg", ["-stream_loop", "59", "-i", clip, "-c", "copy", "-metadata", $"title={Marker}", path], ct);
        File.Delete(clip);
    }

    private async Task<string> SpeakAsync(CancellationToken ct)
    {
        var voice = Path.Combine(folder, "voice.wav");
        await RunAsync("espeak-ng", ["-w", voice, SpokenWords], ct);
        return voice;
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        string[] quiet = program == "ffmpeg" ? ["-nostdin", "-y", "-v", "error", .. arguments] : arguments;
        using var process = Process.Start(new ProcessStartInfo(program, quiet) { UseShellExecute = false, RedirectStandardError = true })!;
        var complaint = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {complaint}");
    }
}
