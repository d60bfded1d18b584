using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>
/// P1 while ffmpeg works and after, on both stores: no word of the film lies readable in the vault's folder, in its temporary files, or on the disk of the store, and the
/// search finds the same words where they were planted.
/// </summary>
public sealed class NothingReadableMeanwhileTests(MeetingFiles meetings)
{
    private const long StoreDisk = 3L * 1024 * 1024 * 1024;
    private const string FileName = "foxglove-2ad8-camera.mp4";

    /// <summary>What ffmpeg's own encoder writes into the first picture of each rendition that it makes.</summary>
    private const string EncoderWord = "H.264/MPEG-4 AVC codec";

    /// <summary>Of what came in: its metadata and name. Of what ffmpeg makes of it: the captions that it takes out, and the encoder's name in the rendition.</summary>
    private static readonly string[] Words = [MeetingFiles.Marker, "foxglove-2ad8-camera", MeetingFiles.CaptionMarker, EncoderWord];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_lies_readable_over_a_folder_while_ffmpeg_works_and_after()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await SearchAsync(vault.Server, [vault.Server.Folder], async clear =>
        {
            var planted = Path.Combine(vault.Server.DataFolder, "store", "planted");
            await File.WriteAllBytesAsync(planted, clear, Ct);
            var inTemporary = Path.Combine(vault.Server.TemporaryFolder, "planted");
            await File.WriteAllBytesAsync(inTemporary, clear, Ct);
            return 2;
        });
    }

    [Fact]
    public async Task Nothing_lies_readable_over_a_bucket_while_ffmpeg_works_and_after()
    {
        await using var store = await S3Server.StartAsync(Ct, StoreDisk);
        await using var vault = await OwnedVault.StartAsync(Ct, store.Settings);
        await SearchAsync(vault.Server, [vault.Server.Folder, store.Folder], async clear =>
        {
            var file = Path.GetTempFileName();
            await File.WriteAllBytesAsync(file, clear, Ct);
            await store.PutAsync(file, "planted", Ct);
            File.Delete(file);
            return 1;
        });
    }

    /// <param name="plant">Puts clear bytes where the store keeps its own; returns into how many files.</param>
    private async Task SearchAsync(ServerProcess server, string[] folders, Func<byte[], Task<int>> plant)
    {
        await UploadAsync(server, await meetings.CaptionedHevcAsync(Ct));
        var before = await UntilAsync(server, processing => processing.GetProperty("percent").GetInt32() > 20);
        Assert.Equal("running", before.GetProperty("state").GetString());

        Assert.Empty(await FindAsync(folders));
        Assert.Equal("running", (await ProcessingAsync(server))!.Value.GetProperty("state").GetString());

        var done = await UntilAsync(server, processing => processing.GetProperty("state").GetString() is "done" or "failed");
        Assert.Equal("done", done.GetProperty("state").GetString());
        Assert.Empty(await FindAsync(folders));
        Assert.Empty(ClearTextSearch.Find(server.Output.ToString(), Words));
        var pieces = await PiecesAsync(server);
        Assert.Empty(await FindAsync(folders, pieces));

        // The control: the same words and bytes, in clear and in the same places, are found.
        var files = await plant([.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Join(' ', Words) + "\n", 20_000))), .. pieces.Values.SelectMany(piece => piece)]);
        Assert.Equal(files * Words.Length, (await FindAsync(folders)).Count);
        Assert.Equal(files * pieces.Count, (await FindAsync(folders, pieces)).Count);
    }

    /// <summary>Bytes out of the middle of what ffmpeg made, as they are served; and the words that are looked for stand in it.</summary>
    private static async Task<IReadOnlyDictionary<string, byte[]>> PiecesAsync(ServerProcess server)
    {
        var recording = (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct)).GetProperty("items").EnumerateArray().Single();
        var root = $"/api/v1/recordings/{recording.GetProperty("id").GetGuid()}";
        Assert.Contains(MeetingFiles.CaptionMarker, await server.Client.GetStringAsync($"{root}/captions/und", Ct), StringComparison.Ordinal);
        var rendition = await server.Client.GetByteArrayAsync($"{root}/content", Ct);
        Assert.NotEmpty(ClearTextSearch.Find(Encoding.Latin1.GetString(rendition), [EncoderWord]));
        var pieces = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, bytes) in new[] { ("rendition", rendition), ("poster", await server.Client.GetByteArrayAsync($"{root}/poster", Ct)), ("thumbnails", await server.Client.GetByteArrayAsync($"{root}/thumbnails", Ct)) })
        {
            // Behind the mark that it leaves with, and not all of one value.
            foreach (var part in new[] { 3, 4, 5 })
            {
                var piece = bytes.AsSpan(bytes.Length / 6 * part, 48).ToArray();
                if (piece.Distinct().Count() > 24)
                    pieces[$"{name} {part}"] = piece;
            }

            Assert.Contains(pieces.Keys, key => key.StartsWith(name, StringComparison.Ordinal));
        }

        return pieces;
    }

    private static async Task<IReadOnlyList<string>> FindAsync(IEnumerable<string> folders, IReadOnlyDictionary<string, byte[]> pieces)
    {
        var found = new List<string>();
        foreach (var folder in folders)
            found.AddRange(await ClearTextSearch.FindBytesAsync(folder, pieces, Ct));
        return found;
    }

    private static async Task<IReadOnlyList<string>> FindAsync(IEnumerable<string> folders)
    {
        var found = new List<string>();
        foreach (var folder in folders)
            found.AddRange(await ClearTextSearch.FindAsync(folder, Words, Ct));
        return found;
    }

    private static async Task UploadAsync(ServerProcess server, string film)
    {
        await using var content = File.OpenRead(film);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new StreamContent(content) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{content.Length}");
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes(FileName)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await server.Client.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> UntilAsync(ServerProcess server, Func<JsonElement, bool> isSo)
    {
        while (true)
        {
            if (await ProcessingAsync(server) is { } processing && isSo(processing))
                return processing;
            await Task.Delay(100, Ct);
        }
    }

    private static async Task<JsonElement?> ProcessingAsync(ServerProcess server)
    {
        var list = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct);
        var recording = list.GetProperty("items").EnumerateArray().Single();
        return recording.GetProperty("processing") is { ValueKind: JsonValueKind.Object } processing ? processing : null;
    }
}
