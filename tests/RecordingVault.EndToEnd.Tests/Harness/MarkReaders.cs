using System.Diagnostics;
using System.Text.Json;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>The readers of marks that others wrote, as the tests of RecordingVault.Marks have them, installed by the same lock file in a folder of their own.</summary>
internal sealed class MarkReaders : IDisposable
{
    private static readonly string s_place = Path.Combine(Checkout.Folder, "tests", "RecordingVault.Marks.Tests", "Readers");

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-readers-").FullName;

    public static async Task<MarkReaders> InstallAsync(CancellationToken ct)
    {
        var readers = new MarkReaders();
        foreach (var name in new[] { "package.json", "package-lock.json", "verify.mjs" })
            File.Copy(Path.Combine(s_place, name), Path.Combine(readers.folder, name));
        await readers.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], ct);
        return readers;
    }

    /// <summary>What the library of C2PA's authors says of a file, with roots (PEM) or without.</summary>
    public async Task<JsonElement> VerifyAsync(string path, string mediaType, string? roots, CancellationToken ct) =>
        JsonDocument.Parse(await RunAsync("node", roots is null ? ["verify.mjs", mediaType, path] : ["verify.mjs", mediaType, path, roots], ct)).RootElement;

    /// <summary>The word of PLUS that ExifTool reads in a file.</summary>
    public async Task<string?> PlusAsync(string path, CancellationToken ct) =>
        JsonDocument.Parse(await RunAsync("perl", [Path.Combine("node_modules", "exiftool-vendored.pl", "bin", "exiftool"), "-json", "-G1", "-n", path], ct)).RootElement[0].GetProperty("XMP-plus:DataMining").GetString();

    /// <summary>The digest of every decoded frame and sample.</summary>
    public Task<string> FramesAsync(string path, CancellationToken ct) =>
        RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-map", "0:v?", "-map", "0:a?", "-f", "framemd5", "-"], ct);

    public Task<string> MakeAsync(string path, CancellationToken ct, params string[] arguments) => RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, path], ct);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }
}
