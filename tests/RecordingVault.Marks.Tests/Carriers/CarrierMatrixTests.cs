using System.Collections.Concurrent;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;
using Xunit.Sdk;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>What readers that others wrote say of every file of the other tests, marked as it leaves; docs/marks.md has the table, and this makes it.</summary>
public sealed class CarrierMatrixTests(OutsideReaders readers)
{
    private const string Head = "| file | made with | mark that ExifTool reads | frames and samples, by ffmpeg | signed as well, by c2pa-wasm |";

    private static readonly UsageTag s_tag = UsageTag.NoTdmExceptSearch;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<(string Name, string[] Making)> Files =>
    [
        .. new[] { Mp4LayoutTests.Files, FileCarrierTests.Mp3, FileCarrierTests.Riff, FileCarrierTests.Matroska, FileCarrierTests.Pictures }
            .SelectMany(data => data.Select(row => (row.Data.Item1, row.Data.Item2))),
    ];

    [Fact]
    public async Task The_document_has_what_each_reader_says_of_each_file()
    {
        var rows = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        using var authority = new TestAuthority();
        var root = authority.Write(readers.Folder);
        await Parallel.ForEachAsync(Files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Ct }, async (file, ct) => rows[file.Name] = await RowAsync(file.Name, file.Making, authority, root, ct));

        var expected = string.Join('\n', [Head, "|---|---|---|---|---|", .. Files.Select(file => rows[file.Name])]);
        var written = string.Join('\n', File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "marks.md")).SkipWhile(line => line != Head).TakeWhile(line => line.StartsWith('|')));

        Assert.InRange(Files.Count, 30, int.MaxValue);
        if (expected != written)
            throw new XunitException($"docs/marks.md has another table than the readers give:\n{expected}");
    }

    private async Task<string> RowAsync(string name, string[] making, TestAuthority authority, string root, CancellationToken ct)
    {
        var path = await readers.MakeAsync(name, ct, making);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, ct));
        var mediaType = Path.GetExtension(name) switch
        {
            ".mp4" => "video/mp4",
            ".m4a" => "audio/mp4",
            ".mov" => "video/quicktime",
            ".mp3" => "audio/mpeg",
            ".wav" => "audio/wav",
            _ => "",
        };
        var marked = await WriteAsync(name, await (await MarkAsync(source, ct)).ReadAllAsync(source, ct), ct);
        var signed = mediaType.Length == 0 ? null : await WriteAsync(name, await SignedFile.MakeAsync(source, mediaType, s_tag, authority, ct), ct);
        return $"| {name} | {Codecs(making)} | {await ReadAsync(marked, ct)} | {await SameAsync(path, [marked, signed], ct)} | {(signed is null ? "–" : await StateAsync(signed, mediaType, root, ct))} |";
    }

    private static async Task<Splice> MarkAsync(MemorySource source, CancellationToken ct)
    {
        var mark = new XmpMark(s_tag);
        var layout = (await Mp4LayoutReader.ReadAsync(source, ct)).Layout;
        return layout?.With(Mp4Front.Write(mark, layout.Packet)!)
            ?? await Id3Carrier.WriteAsync(source, mark, ct) ?? await RiffCarrier.WriteAsync(source, mark, ct) ?? await MatroskaCarrier.WriteAsync(source, s_tag, ct)
            ?? await PngCarrier.WriteAsync(source, mark, ct) ?? await JpegCarrier.WriteAsync(source, mark, ct) ?? throw new XunitException("Nothing marks it.");
    }

    private async Task<string> WriteAsync(string name, byte[] bytes, CancellationToken ct)
    {
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(path, bytes, ct);
        return path;
    }

    private static async Task<string> ReadAsync(string? marked, CancellationToken ct)
    {
        var seen = await OutsideReaders.ExifToolAsync(marked!, ct);
        var found = seen.GetValueOrDefault("XMP-plus:DataMining") ?? seen.FirstOrDefault(tag => tag.Key.EndsWith(":License", StringComparison.Ordinal)).Value;
        return found is null ? "none" : $"`{found.Replace(PlusDataMining.Vocabulary, "", StringComparison.Ordinal)}`";
    }

    private static async Task<string> SameAsync(string path, IEnumerable<string?> marked, CancellationToken ct)
    {
        var frames = await OutsideReaders.FramesAsync(path, ct);
        foreach (var file in marked.OfType<string>())
        {
            if (await OutsideReaders.FramesAsync(file, ct) != frames)
                return "others";
        }

        return "the same";
    }

    private static async Task<string> StateAsync(string signed, string mediaType, string root, CancellationToken ct)
    {
        try
        {
            using var plain = await OutsideReaders.VerifyAsync(signed, mediaType, null, ct);
            using var anchored = await OutsideReaders.VerifyAsync(signed, mediaType, root, ct);
            return string.Join(", ", new[] { plain, anchored }.Select(verified => $"*{verified.RootElement.GetProperty("validation_state").GetString()}*"));
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("InvalidAsset", StringComparison.Ordinal))
        {
            return "does not read such a file";
        }
    }

    /// <summary>What ffmpeg was told beside its made-up picture and sound.</summary>
    private static string Codecs(string[] making) =>
        string.Join(' ', making.Where((word, i) => !(word is "-f" or "-i" or "lavfi") && (i == 0 || making[i - 1] is not "-i")).Select(word => word.Contains('|', StringComparison.Ordinal) ? "…" : word)) is { Length: > 0 } words ? $"`{words}`" : "–";
}
