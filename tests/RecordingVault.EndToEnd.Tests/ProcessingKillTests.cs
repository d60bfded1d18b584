using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A rendition is made by the published server with the real tools: nothing of the film lies readable meanwhile, and a server that is killed in the middle makes it after all.</summary>
public sealed class ProcessingKillTests(MeetingFiles meetings)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rendition_is_made_after_a_kill_in_its_middle_and_never_lies_in_clear()
    {
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", Story.House], Ct);
        await server.RunAsync(["member", "create", "--email", Story.Mail, "--tenant", Story.House, "--role", "owner"], Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        await server.StartAgainAsync(Ct);
        var film = await meetings.HevcAsync(Ct);
        await UploadAsync(server, film);

        var running = await UntilAsync(server, recording => Processing(recording) is { } processing && processing.GetProperty("percent").GetInt32() > 25);
        Assert.Equal("running", Processing(running)!.Value.GetProperty("state").GetString());
        Assert.Empty(await ClearTextSearch.FindAsync(server.Folder, [MeetingFiles.Marker], Ct));
        await server.KillAsync();
        Assert.Empty(await ClearTextSearch.FindAsync(server.Folder, [MeetingFiles.Marker], Ct));
        await server.StartAgainAsync(Ct);

        var done = await UntilAsync(server, recording => Processing(recording) is { } processing && processing.GetProperty("state").GetString() is "done" or "failed");

        Assert.Equal("ready", done.GetProperty("state").GetString());
        Assert.Single(done.GetProperty("assets").EnumerateArray(), asset => asset.GetProperty("role").GetString() == "rendition");
        Assert.Empty(await ClearTextSearch.FindAsync(server.Folder, [MeetingFiles.Marker], Ct));
        var content = await server.Client.GetByteArrayAsync($"/api/v1/recordings/{done.GetProperty("id").GetGuid()}/content", Ct);
        Assert.NotEqual(new FileInfo(film).Length, content.Length);
        var original = await server.Client.GetByteArrayAsync($"/api/v1/recordings/{done.GetProperty("id").GetGuid()}/download", Ct);
        // It leaves with a front of its own; its media are those that were sent.
        var sent = await File.ReadAllBytesAsync(film, Ct);
        Assert.Equal(sent.Length + 65_536, original.Length);
        Assert.True(original.AsSpan().IndexOf(sent.AsSpan(1_000, sent.Length / 2)) > 65_536);
    }

    private static async Task UploadAsync(ServerProcess server, string film)
    {
        var bytes = await File.ReadAllBytesAsync(film, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{bytes.Length}");
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String("camera.mp4"u8));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await server.Client.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> UntilAsync(ServerProcess server, Func<JsonElement, bool> isSo)
    {
        while (true)
        {
            var list = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct);
            if (list.GetProperty("items").EnumerateArray().FirstOrDefault(isSo) is { ValueKind: JsonValueKind.Object } found)
                return found;
            await Task.Delay(100, Ct);
        }
    }

    private static JsonElement? Processing(JsonElement recording) =>
        recording.GetProperty("processing") is { ValueKind: JsonValueKind.Object } processing ? processing : null;
}
