using System.Globalization;
using System.Text.Json;
using RecordingVault.Marks.Tests.Harness;

[assembly: AssemblyFixture(typeof(OutsideReaders))]

namespace RecordingVault.Marks.Tests.Harness;

/// <summary>Readers that others wrote: ExifTool and a structured-field parser, as npm has them, and ffmpeg. Installed by their lock file before the first test.</summary>
public sealed class OutsideReaders : IAsyncLifetime
{
    private static readonly string Place = Path.Combine(Checkout.Root, "tests", "RecordingVault.Marks.Tests", "Readers");

    /// <summary>Files of tests lie here and go with the fixture.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("recordingvault-marks-").FullName;

    public async ValueTask InitializeAsync() =>
        await Programs.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], TestContext.Current.CancellationToken, Place);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Everything that ExifTool finds, by group and name, as <c>XMP-plus:DataMining</c>; values as they stand in the file.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> ExifToolAsync(string path, CancellationToken ct)
    {
        var said = await Programs.RunAsync("perl", [Path.Combine(Place, "node_modules", "exiftool-vendored.pl", "bin", "exiftool"), "-json", "-G1", "-n", "-a", "-U", path], ct);
        using var json = JsonDocument.Parse(said);
        var tags = json.RootElement[0].EnumerateObject().ToLookup(tag => tag.Name, tag => tag.Value.ToString(), StringComparer.Ordinal);
        // Of two marks that stand side by side one reader takes the first and another the last.
        Assert.All(tags.Where(tag => tag.Key.Contains("plus:", StringComparison.Ordinal) || tag.Key.EndsWith(":License", StringComparison.Ordinal)), tag => Assert.Single(tag));
        return tags.ToDictionary(tag => tag.Key, tag => tag.First(), StringComparer.Ordinal);
    }

    /// <summary>Lets ExifTool write two tags into a file of its own kinds, in place.</summary>
    internal static Task<string> SetAsync(string path, string one, string other, CancellationToken ct) =>
        Programs.RunAsync("perl", [Path.Combine(Place, "node_modules", "exiftool-vendored.pl", "bin", "exiftool"), "-n", "-overwrite_original", one, other, path], ct);

    /// <summary>A header's members as a structured-field parser reads them.</summary>
    internal static async Task<JsonElement> DictionaryAsync(string header, CancellationToken ct) =>
        JsonDocument.Parse(await Programs.RunAsync("node", ["dictionary.mjs"], ct, Place, header)).RootElement;

    /// <summary>What the C2PA library of the standard's authors says of a file, with a root of ours or without.</summary>
    internal static async Task<JsonDocument> VerifyAsync(string path, string mediaType, string? anchors, CancellationToken ct) =>
        JsonDocument.Parse(await Programs.RunAsync("node", anchors is null ? ["verify.mjs", mediaType, path] : ["verify.mjs", mediaType, path, anchors], ct, Place));

    /// <summary>Makes a file, named once; the last argument of ffmpeg is its path.</summary>
    internal async Task<string> MakeAsync(string name, CancellationToken ct, params string[] arguments)
    {
        var path = Path.Combine(Folder, Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture) + name);
        await Programs.RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, "-fflags", "+bitexact", path], ct);
        return path;
    }

    /// <summary>The digest of every decoded frame and sample: equal where two files show and sound the same.</summary>
    internal static async Task<string> FramesAsync(string path, CancellationToken ct) =>
        await Programs.RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-map", "0:v?", "-map", "0:a?", "-f", "framemd5", "-"], ct);
}
