using System.Collections.Concurrent;
using System.Diagnostics;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Small films and sounds, made by ffmpeg when first asked for and kept until the run ends.</summary>
internal static class MediaSamples
{
    private const string Picture = "-f lavfi -i testsrc2=size=320x180:rate=10:duration=4";
    private const string Tone = "-f lavfi -i sine=frequency=440:duration=4";
    private const string Pictured = Picture + " " + Tone + " -pix_fmt yuv420p";
    private static readonly DirectoryInfo Folder = Directory.CreateTempSubdirectory("vault-media-samples-");
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Recipes = new(StringComparer.Ordinal)
    {
        ["plain.mp4"] = $"{Pictured} -c:v libx264 -c:a aac -metadata creation_time=2026-11-20T09:30:00Z",
        ["faststart.mp4"] = $"{Pictured} -c:v libx264 -c:a aac -movflags +faststart",
        ["fragmented.mp4"] = $"{Pictured} -c:v libx264 -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof",
        ["quicktime.mov"] = $"{Pictured} -c:v libx264 -c:a aac",
        ["hevc.mp4"] = $"{Pictured} -c:v libx265 -x265-params log-level=error -c:a aac",
        ["high.mp4"] = $"{Picture} {Tone} -pix_fmt yuv422p10le -c:v libx264 -c:a aac",
        ["web.webm"] = $"{Pictured} -c:v libvpx -deadline realtime -c:a libopus",
        ["meeting.mkv"] = $"{Pictured} -c:v libx264 -c:a aac",
        ["vp9.mkv"] = $"{Pictured} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
        ["camera.ts"] = $"{Pictured} -c:v mpeg2video -c:a mp2 -f mpegts",
        ["old.wmv"] = $"{Pictured} -c:v wmv2 -c:a wmav2",
        ["old.flv"] = $"{Pictured} -c:v flv1 -c:a libmp3lame -ar 44100",
        ["old.avi"] = $"{Pictured} -c:v mpeg4 -c:a libmp3lame",
        ["theora.ogv"] = $"{Pictured} -c:v libtheora -c:a libvorbis",
        ["call.mp3"] = $"{Tone} -c:a libmp3lame",
        ["call.m4a"] = $"{Tone} -c:a aac",
        ["call.wav"] = $"{Tone} -c:a pcm_s16le",
        ["call.flac"] = $"{Tone} -c:a flac",
        ["call.ogg"] = $"{Tone} -c:a libopus",
        ["call.aac"] = $"{Tone} -c:a aac -f adts",
        ["silent.mp4"] = $"{Picture} -f lavfi -i anullsrc=channel_layout=mono:sample_rate=16000 -shortest -pix_fmt yuv420p -c:v libx264 -c:a aac",
        ["mute.mp4"] = $"{Picture} -pix_fmt yuv420p -c:v libx264",
    };

    public static async Task<byte[]> BytesAsync(string name, CancellationToken cancellationToken) => await File.ReadAllBytesAsync(await PathAsync(name, cancellationToken), cancellationToken);

    public static Task<string> PathAsync(string name, CancellationToken cancellationToken) =>
        Made.GetOrAdd(name, key => new Lazy<Task<string>>(() => MakeAsync(key, Recipes[key]))).Value.WaitAsync(cancellationToken);

    /// <summary>A file of the test's own recipe.</summary>
    public static Task<string> MakeAsync(string name, string recipe) => RunAsync(Path.Combine(Folder.FullName, name), recipe);

    /// <summary>Another file that ffmpeg takes in, as captions.</summary>
    public static async Task<string> TextAsync(string name, string text, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder.FullName, name);
        await File.WriteAllTextAsync(path, text, cancellationToken);
        return path;
    }

    /// <summary>What ffprobe, outside of any sandbox, says of a file: one value.</summary>
    public static async Task<string> AskAsync(string path, string entries, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("ffprobe", $"-v error -show_entries {entries} -of csv=p=0 \"{path}\"") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return text.Trim();
    }

    /// <summary>Every frame and sample of a file, decoded: a line each with its time and digest.</summary>
    public static async Task<string> FramesAsync(string path, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", $"-v error -nostdin -i \"{path}\" -map 0 -f framemd5 -") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"ffmpeg could not decode {path}.");
    }

    private static async Task<string> RunAsync(string path, string recipe)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", $"-nostdin -y -v error {recipe} \"{path}\"") { RedirectStandardError = true, UseShellExecute = false })!;
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? path : throw new InvalidOperationException($"ffmpeg did not make {Path.GetFileName(path)}: {words}");
    }
}

/// <summary>A file sealed into a store of its own, as processing finds it.</summary>
internal sealed class SealedSample : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vault-sealed-sample-");
    private readonly SealedStore store;
    private readonly OwnerKey key;

    private SealedSample()
    {
        store = SealedStore.OpenFolder(folder.FullName);
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.CreateVersion7()).Key;
        key = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, Guid.CreateVersion7()).Key;
    }

    public AssetReader Asset { get; private set; } = null!;

    public static async Task<SealedSample> PutAsync(byte[] content, CancellationToken cancellationToken)
    {
        var sample = new SealedSample();
        var asset = await sample.store.PutAssetAsync(sample.key, Guid.CreateVersion7(), ObjectRole.OriginalSegment, "video/mp4", new MemoryStream(content), cancellationToken);
        sample.Asset = sample.store.OpenAsset(sample.key, sample.key.TenantId, sample.key.OwnerId, asset);
        return sample;
    }

    /// <summary>Changes a byte in the middle of what is stored of it.</summary>
    public void Damage()
    {
        var file = folder.EnumerateFiles("*", SearchOption.AllDirectories).OrderByDescending(file => file.Length).First();
        using var bytes = file.Open(FileMode.Open, FileAccess.ReadWrite);
        bytes.Position = bytes.Length / 2;
        var value = bytes.ReadByte();
        bytes.Position--;
        bytes.WriteByte((byte)(value ^ 1));
    }

    public async ValueTask DisposeAsync()
    {
        Asset.Dispose();
        key.Dispose();
        await store.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
