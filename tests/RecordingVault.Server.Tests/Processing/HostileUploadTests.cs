using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Hostile and broken files on their whole way: uploaded by tus, processed by the job, told on the page, fetched as they came, tried again.</summary>
[Trait("Run", "Once")]
public sealed class HostileUploadTests : IAsyncLifetime
{
    private TestVault vault = null!;
    private TestTenant tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Without a worker: nobody but the test does this work.
        vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });
        tenant = await TestTenant.CreateAsync(vault, Ct);
    }

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Theory]
    [InlineData("hls.mp4", "broken-file")]
    [InlineData("hls.ts", "broken-file")]
    [InlineData("concat.mp3", "broken-file")]
    [InlineData("dash.webm", "broken-file")]
    [InlineData("asx.asf", "broken-file")]
    public async Task A_playlist_behind_the_first_bytes_of_a_film_fails_and_asks_nobody(string name, string failure)
    {
        using var canary = new CanaryListener();
        var secret = await MediaSamples.TextAsync("canary.txt", "canary", Ct);
        var playlist = Encoding.UTF8.GetBytes(Path.GetFileNameWithoutExtension(name) switch
        {
            "hls" => $"\n#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{canary.Address}a.ts\n#EXTINF:4,\nfile://{secret}\n#EXT-X-ENDLIST\n",
            "concat" => $"\nffconcat version 1.0\nfile '{canary.Address}a.mp4'\nfile '{secret}'\n",
            "dash" => $"<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{canary.Address}</BaseURL></Representation></AdaptationSet></Period></MPD>",
            _ => $"[Reference]\nRef1={canary.Address}a.asf\n",
        });
        // As it is, it does not even come in.
        using (var refused = await SendAsync(playlist, name))
            Assert.False(refused.IsSuccessStatusCode);

        await FailsAsync([.. Dress(name), .. playlist], name, failure);

        Assert.Equal(0, canary.Visits);
    }

    [Theory]
    [InlineData("nothing.mp4", "not-media")]
    [InlineData("garbage.mp4", "broken-file")]
    [InlineData("half.mp4", "broken-file")] // its index stands at the end
    [InlineData("head.webm", "broken-file")]
    [InlineData("head.mkv", "broken-file")]
    [InlineData("head.mp3", "broken-file")]
    [InlineData("head.wav", "broken-file")]
    [InlineData("absurd.mkv", "picture-too-large")]
    [InlineData("endless.mkv", "too-long")]
    public async Task What_nothing_can_be_made_of_fails_with_a_sentence_that_helps(string name, string failure) => await FailsAsync(await MakeAsync(name), name, failure);

    [Theory]
    [InlineData("half.webm")]
    [InlineData("half.mkv")]
    [InlineData("half.mp3")]
    [InlineData("half.wav")]
    public async Task What_breaks_off_in_its_middle_plays_as_far_as_it_goes(string name)
    {
        var content = await MakeAsync(name);
        var id = await PutAsync(content, name);

        var shown = await ProcessAsync(id);

        Assert.Equal(("ready", "done"), (shown.GetProperty("state").GetString(), shown.GetProperty("processing").GetProperty("state").GetString()));
        Assert.Contains("waveform", Roles(shown));
        var kept = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/recordings/{id}/download", Ct);
        var bytes = await kept.Content.ReadAsByteArrayAsync(Ct);
        // An end that is missing is no place for a mark: then a copy leaves that has one.
        Assert.Equal(name != "half.mp3", Roles(shown).Contains("rendition"));
        if (name == "half.mp3")
            await SignedFile.AssertKeptAsync(vault, content, "audio/mpeg", bytes, Ct);
        var marks = await FileMarks.FindAsync(new MemorySource(bytes), kept.Content.Headers.ContentType!.MediaType!, Ct);
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(marks, mark => mark.Carrier.StartsWith("XMP", StringComparison.Ordinal) || mark.Carrier.StartsWith("Matroska", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
        Assert.All(marks, mark => Assert.Equal(UsageRights.Nothing with { Search = mark.Says.Search }, mark.Says));
    }

    [Fact]
    public async Task A_picture_that_unfolds_two_hundredfold_stays_within_the_limits_and_comes_out_small()
    {
        // Three pictures of half a gigabyte each, in two megabytes.
        var film = await File.ReadAllBytesAsync(await MediaSamples.MakeAsync("bomb.mkv", "-f lavfi -i color=size=8192x8192:rate=1:duration=3 -pix_fmt rgba64be -c:v png"), Ct);
        Assert.InRange(film.Length, 1, 8 * 1024 * 1024);
        var id = await PutAsync(film, "bomb.mkv");

        var shown = await ProcessAsync(id);

        Assert.Equal("done", shown.GetProperty("processing").GetProperty("state").GetString());
        var rendition = shown.GetProperty("assets").EnumerateArray().Single(asset => asset.GetProperty("role").GetString() == "rendition");
        Assert.InRange(rendition.GetProperty("sizeInBytes").GetInt64(), 1, film.Length);
    }

    [Fact]
    public async Task Captions_and_attachments_that_name_files_and_addresses_reach_neither()
    {
        using var canary = new CanaryListener();
        var secret = await MediaSamples.TextAsync("canary.txt", "canary-inside", Ct);
        var words = await MediaSamples.TextAsync("named.ass", $"""
            [Script Info]
            ScriptType: v4.00+
            [V4+ Styles]
            Format: Name, Fontname, Fontsize
            Style: Default,file://{secret},20
            [Fonts]
            fontname: {secret}
            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Dialogue: 0,0:00:00.50,0:00:02.00,Default,,0,0,0,,<img src="{canary.Address}a.png"> file://{secret} spoken
            """, Ct);
        var list = await MediaSamples.TextAsync("list.m3u8", $"#EXTM3U\n#EXTINF:4,\n{canary.Address}a.ts\n#EXT-X-ENDLIST\n", Ct);
        var film = await MediaSamples.MakeAsync(
            "named.mkv", $"-i \"{await MediaSamples.PathAsync("plain.mp4", Ct)}\" -i \"{words}\" -map 0 -map 1 -c copy -c:s ass -attach \"{list}\" -metadata:s:t mimetype=application/vnd.apple.mpegurl");
        var id = await PutAsync(await File.ReadAllBytesAsync(film, Ct), "named.mkv");

        var shown = await ProcessAsync(id);

        Assert.Equal("ready", shown.GetProperty("state").GetString());
        Assert.Contains("captions", Roles(shown));
        var captions = await (await tenant.ClientAsync(Role.Viewer, Ct)).GetStringAsync($"/api/v1/recordings/{id}/captions/und", Ct);
        Assert.Contains("spoken", captions, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", captions, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-inside", captions, StringComparison.Ordinal);
        Assert.Equal(0, canary.Visits);
    }

    private async Task FailsAsync(byte[] content, string name, string failure)
    {
        var id = await PutAsync(content, name);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var shown = await ProcessAsync(id);

        Assert.Equal(("failed", failure), (shown.GetProperty("state").GetString(), shown.GetProperty("processing").GetProperty("failure").GetString()));
        // What can be marked is, though nothing can be made of it; what can't is its owner's, as it came.
        await SignedFile.AssertKeptAsync(vault, content, shown.GetProperty("assets")[0].GetProperty("mediaType").GetString()!, await owner.GetByteArrayAsync($"/api/v1/recordings/{id}/download", Ct), Ct);
        using var browser = new TestBrowser(vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        using (var page = await browser.GetAsync($"/recordings/{id}", Ct))
            Assert.Contains(Features.Sharing.MakingWords.Of(failure), WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        using (var again = await owner.PostAsync($"/api/v1/recordings/{id}/processing", null, Ct))
            Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal(failure, (await ProcessAsync(id)).GetProperty("processing").GetProperty("failure").GetString());
    }

    /// <summary>The first bytes by which a file is let in, and no more of it.</summary>
    private static byte[] Dress(string name) => Path.GetExtension(name) switch
    {
        ".mp4" => [0, 0, 0, 24, .. "ftypisom\0\0\0\0isommp42"u8],
        ".ts" => [.. Enumerable.Repeat((byte[])[0x47, 0x1F, 0xFF, 0x10, .. new byte[184]], 6).SelectMany(packet => packet)],
        ".mp3" => [.. "ID3\u0004\0\0\0\0\0\0"u8],
        ".webm" => [0x1A, 0x45, 0xDF, 0xA3, 0x87, 0x42, 0x82, 0x84, .. "webm"u8],
        _ => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C],
    };

    private static async Task<byte[]> MakeAsync(string name)
    {
        var kind = Path.GetExtension(name);
        switch (Path.GetFileNameWithoutExtension(name))
        {
            case "nothing":
                return [];
            case "garbage":
                return [.. Dress(name), .. Footage.Make(100_000)];
            case "absurd":
                return await File.ReadAllBytesAsync(await MediaSamples.MakeAsync("absurd-whole.mkv", "-f lavfi -i color=size=12000x8000:rate=1:duration=1 -frames:v 1 -c:v mjpeg"), Ct);
            case "endless":
                var film = await MediaSamples.BytesAsync("meeting.mkv", Ct);
                var at = film.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x44, 0x89, 0x88]);
                System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(film.AsSpan(at + 3), 1e10);
                return film;
        }

        var whole = await MediaSamples.BytesAsync(kind switch { ".mp4" => "plain.mp4", ".webm" => "web.webm", ".mkv" => "meeting.mkv", ".mp3" => "call.mp3", _ => "call.wav" }, Ct);
        return whole[..(name.StartsWith("half", StringComparison.Ordinal) ? whole.Length / 2 : 44)];
    }

    private async Task<Guid> PutAsync(byte[] content, string name)
    {
        using var answer = await SendAsync(content, name);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return TusClient.RecordingOf(answer);
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] content, string name) =>
        await (await TusClient.OfAsync(tenant, Role.Contributor, Ct)).CreateAsync(
            content.Length, new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = name, ["role"] = "original" }, Ct, content.Length == 0 ? null : content);

    private async Task<JsonElement> ProcessAsync(Guid id)
    {
        await using var scope = tenant.Enter();
        await MakingJobs.RunAsync(scope.ServiceProvider, id, Ct);
        // Nobody works in this vault: what a download would have signed is signed now.
        foreach (var asset in await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecordingAssets.Where(asset => asset.RecordingId == id).Select(asset => asset.Id).ToListAsync(Ct))
            await scope.ServiceProvider.GetRequiredService<FrontMaking>().RunAsync(asset, Ct);
        return await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);
    }

    private static IEnumerable<string?> Roles(JsonElement recording) => recording.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString());
}
