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

    /// <summary>Spoken in the captions of a film that has them inside: what ffmpeg takes out of it shows this.</summary>
    public const string CaptionMarker = "cornflower-51be-captions";

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-media-").FullName;
    private readonly SemaphoreSlim one = new(1);

    /// <summary>About seven seconds of H.264 and AAC in MP4, 640 by 360, the index at the end as recorders write it.</summary>
    internal Task<string> ShortAsync(CancellationToken ct) => OnceAsync("coaching session.mp4", MakeShortAsync, ct);

    /// <summary>Twenty minutes at a steady 2 Mbit/s (300 MB): twenty seconds, repeated by copying.</summary>
    internal Task<string> LongAsync(CancellationToken ct) => OnceAsync("all hands.mp4", MakeLongAsync, ct);

    /// <summary>Half a minute of HEVC, which browsers don't all play: encoding it anew takes long enough to be looked at.</summary>
    internal Task<string> HevcAsync(CancellationToken ct) => OnceAsync("camera.mp4", MakeHevcAsync, ct);

    /// <summary>The same four times over, by copying: two minutes, which are encoded for long enough that a whole disk is searched meanwhile.</summary>
    internal async Task<string> LongHevcAsync(CancellationToken ct)
    {
        var clip = await HevcAsync(ct);
        return await OnceAsync("long camera.mp4", (path, token) => RunAsync("ffmpeg", ["-stream_loop", "3", "-i", clip, "-c", "copy", "-metadata", $"title={Marker}", path], token), ct);
    }

    /// <summary>The same with captions inside.</summary>
    internal async Task<string> CaptionedHevcAsync(CancellationToken ct)
    {
        var film = await LongHevcAsync(ct);
        return await OnceAsync("captioned camera.mp4", async (path, token) =>
        {
            var words = Path.Combine(folder, "captioned.srt");
            await File.WriteAllTextAsync(words, $"1\n00:00:01,000 --> 00:00:04,000\n{CaptionMarker}\n\n2\n00:01:01,000 --> 00:01:04,000\nGood morning, both.\n", token);
            await RunAsync("ffmpeg", ["-i", film, "-i", words, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text", "-metadata", $"title={Marker}", path], token);
        }, ct);
    }

    /// <summary>A minute and a half at a low rate, with English captions and three chapters in the file.</summary>
    internal Task<string> TalkAsync(CancellationToken ct) => OnceAsync("talk.mp4", MakeTalkAsync, ct);

    /// <summary>The spoken words alone, AAC in M4A.</summary>
    internal Task<string> SoundAsync(CancellationToken ct) => OnceAsync("coaching session.m4a", MakeSoundAsync, ct);

    /// <summary>Noise that begins like a FLAC, which is as far as the server looks; no mark is written into that kind, so it leaves as it came; with its SHA-256.</summary>
    internal static async Task<(string Path, byte[] Digest)> NoiseAsync(string folder, string name, int length, CancellationToken ct)
    {
        var file = RandomNumberGenerator.GetBytes(length);
        "fLaC"u8.CopyTo(file);
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

    private async Task MakeTalkAsync(string path, CancellationToken ct)
    {
        var voice = await SpeakAsync(ct);
        var (words, parts) = (Path.Combine(folder, "talk.srt"), Path.Combine(folder, "talk.txt"));
        await File.WriteAllTextAsync(words, """
            1
            00:00:01,000 --> 00:00:04,000
            Helen Marsh: Good morning, both.

            2
            00:00:10,000 --> 00:00:14,000
            Anna: The café was closed when we arrived.

            3
            00:00:31,000 --> 00:00:40,000
            Helen Marsh: What would writing it down have changed?

            4
            00:01:05,000 --> 00:01:10,000
            Anna: And I take the two quiet clients.

            """, ct);
        await File.WriteAllTextAsync(parts, """
            ;FFMETADATA1
            [CHAPTER]
            TIMEBASE=1/1
            START=0
            END=20
            title=Arriving
            [CHAPTER]
            TIMEBASE=1/1
            START=20
            END=60
            title=What the spring taught us
            [CHAPTER]
            TIMEBASE=1/1
            START=60
            END=90
            title=Three experiments

            """, ct);
        await RunAsync("ffmpeg", [
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-stream_loop", "-1", "-i", voice, "-i", words, "-i", parts, "-map", "0:v", "-map", "1:a", "-map", "2:s", "-map_chapters", "3",
            "-t", "90", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-b:v", "400k", "-c:a", "aac", "-b:a", "64k", "-c:s", "mov_text", "-metadata:s:s:0", "language=eng", path,
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

    private static Task MakeHevcAsync(string path, CancellationToken ct) => RunAsync("ffmpeg", [
        "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-f", "lavfi", "-i", "sine=frequency=300", "-t", "30", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error",
        "-pix_fmt", "yuv420p", "-c:a", "aac", "-metadata", $"title={Marker}", path,
    ], ct);

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
