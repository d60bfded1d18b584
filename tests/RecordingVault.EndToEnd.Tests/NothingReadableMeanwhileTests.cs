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

    private static readonly string[] Words = [MeetingFiles.Marker, "foxglove-2ad8-camera"];

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
        await UploadAsync(server, await meetings.LongHevcAsync(Ct));
        var before = await UntilAsync(server, processing => processing.GetProperty("percent").GetInt32() > 20);
        Assert.Equal("running", before.GetProperty("state").GetString());

        Assert.Empty(await FindAsync(folders));
        Assert.Equal("running", (await ProcessingAsync(server))!.Value.GetProperty("state").GetString());

        var done = await UntilAsync(server, processing => processing.GetProperty("state").GetString() is "done" or "failed");
        Assert.Equal("done", done.GetProperty("state").GetString());
        Assert.Empty(await FindAsync(folders));
        Assert.Empty(ClearTextSearch.Find(server.Output.ToString(), Words));

        // The control: the same words, in clear and in the same places, are found.
        var files = await plant(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Join(' ', Words) + "\n", 20_000))));
        Assert.Equal(files * Words.Length, (await FindAsync(folders)).Count);
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
