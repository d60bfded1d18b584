using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Processing;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A film leaves with its mark in it: the tag in force, in a front that moves nothing, read back before the first byte.</summary>
public sealed class OverlayTests(SharedVault shared)
{
    private const int Length = 400_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/content")]
    [InlineData("/download")]
    public async Task What_leaves_carries_the_tag_in_force_where_every_reader_looks(string what)
    {
        var recording = await PutAsync();

        var bytes = await BytesAsync(recording, what);

        var marks = await FileMarks.FindAsync(new MemorySource(bytes), "video/mp4", Cancel);
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(marks, mark => mark.Carrier.StartsWith("XMP", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
        // What is kept says it twice.
        Assert.Equal(what == "/download", marks.Count > 1);
        Assert.All(marks, mark => Assert.Equal(UsageRights.Nothing with { Search = mark.Says.Search }, mark.Says));
        Assert.Equal(recording.Content.Length + Mp4Layout.FrontLength, bytes.Length);
        Assert.True(recording.Content.AsSpan(Film.Shortest).SequenceEqual(bytes.AsSpan(Film.Shortest + Mp4Layout.FrontLength)));
    }

    [Fact]
    public async Task Ranges_over_every_seam_join_to_the_whole()
    {
        var recording = await PutAsync();
        var whole = recording.Leaves;
        using var client = await OwnerAsync(recording);
        var seams = new[] { 0, 23, 24, 25, 24 + Mp4Layout.FrontLength - 1, 24 + Mp4Layout.FrontLength, Film.Shortest + Mp4Layout.FrontLength, StoredRecording.SegmentLength + Mp4Layout.FrontLength, whole.Length - 1, whole.Length };

        var joined = new MemoryStream();
        foreach (var (from, to) in seams.Zip(seams.Skip(1)))
        {
            using var part = await GetAsync(client, recording.Path + "/content", ("Range", $"bytes={from}-{to - 1}"));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            await part.Content.CopyToAsync(joined, Cancel);
        }

        Assert.Equal(whole, joined.ToArray());
    }

    [Fact]
    public async Task Another_tag_changes_the_next_front_and_its_ETag_and_moves_nothing_under_a_running_player()
    {
        var recording = await PutAsync();
        using var client = await OwnerAsync(recording);
        await TagChanges.LoosenFileAsync(recording, Cancel);
        await TagChanges.TagAsync(recording, UsageTag.NoAiTraining, Cancel);
        using var before = await GetAsync(client, recording.Path + "/content");
        var first = await before.Content.ReadAsByteArrayAsync(Cancel);

        await TagChanges.TagAsync(recording, UsageTag.NoTdm, Cancel);
        using var range = await GetAsync(client, recording.Path + "/content", ("Range", "bytes=200000-200999"));
        using var resumed = await GetAsync(client, recording.Path + "/content", ("Range", "bytes=200000-"), ("If-Range", before.Headers.ETag!.Tag));
        var second = await resumed.Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal(first[200_000..201_000], await range.Content.ReadAsByteArrayAsync(Cancel));
        Assert.NotEqual(before.Headers.ETag, resumed.Headers.ETag);
        Assert.Equal((HttpStatusCode.OK, first.Length), (resumed.StatusCode, second.Length));
        Assert.Equal(["DMI-PROHIBITED-AIMLTRAINING", "DMI-PROHIBITED"], [await ValueAsync(first), await ValueAsync(second)]);
        Assert.True(first.AsSpan(24 + Mp4Layout.FrontLength).SequenceEqual(second.AsSpan(24 + Mp4Layout.FrontLength)));
    }

    [Fact]
    public async Task The_event_names_the_front_that_was_sent_and_another_tag_is_another_release()
    {
        var recording = await PutAsync();
        await TagChanges.LoosenFileAsync(recording, Cancel);
        await TagChanges.TagAsync(recording, UsageTag.NoAiTraining, Cancel);
        var first = await BytesAsync(recording, "/content");
        await TagChanges.TagAsync(recording, UsageTag.NoTdm, Cancel);
        var second = await BytesAsync(recording, "/content");
        await BytesAsync(recording, "/content");

        var told = (await ReleasesAsync(recording)).Select(line => line.GetProperty("details")).ToList();

        Assert.Equal([Front(second), Front(first)], told.Select(line => line.GetProperty("front").GetString()));
        Assert.Equal(["no-tdm", "no-ai-training"], told.Select(line => line.GetProperty("tag").GetString()));
        Assert.All(told, line => Assert.Equal("http xmp", line.GetProperty("carriers").GetString()));
    }

    [Fact]
    public async Task A_link_sends_the_same_marked_film()
    {
        var link = await SharedLink.MakeAsync(await PutAsync(), Cancel, new { allowDownload = true });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();

        using var viewed = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        using var kept = await visitor.GetAsync(link.PublicPath + "/download", Cancel);

        Assert.Equal(link.Recording.Leaves, await viewed.Content.ReadAsByteArrayAsync(Cancel));
        await SignedFile.AssertKeptAsync(shared.Vault, link.Recording.Content, "video/mp4", await kept.Content.ReadAsByteArrayAsync(Cancel), Cancel);
    }

    [Fact]
    public async Task A_file_that_can_not_be_marked_leaves_to_nobody_but_who_may_have_it_anyway_as_plain_bytes()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var content = Film.Bytes(50_000);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, "video/mp4", Cancel), Cancel);
        var link = await SharedLink.MakeAsync(recording, Cancel, new { allowDownload = true });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        using var owner = await OwnerAsync(recording);
        var viewer = await tenant.ClientAsync(Role.Viewer, Cancel);

        using var viewed = await GetAsync(viewer, recording.Path + "/content");
        using var byLink = await visitor.GetAsync(link.PublicPath + "/download", Cancel);
        using var kept = await GetAsync(owner, recording.Path + "/download");

        Assert.Equal((HttpStatusCode.Conflict, "unmarkable"), (viewed.StatusCode, await SharedLink.SlugAsync(viewed, Cancel)));
        Assert.Equal((HttpStatusCode.Conflict, "unmarkable"), (byLink.StatusCode, await SharedLink.SlugAsync(byLink, Cancel)));
        Assert.Equal(content, await kept.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("application/octet-stream", kept.Content.Headers.ContentType!.MediaType);
        var release = Assert.Single(await ReleasesAsync(recording)).GetProperty("details");
        Assert.Equal(("unmarkable", "http"), (release.GetProperty("unmarked").GetString(), release.GetProperty("carriers").GetString()));
        Assert.Equal(2, (await tenant.EventsAsync(Cancel)).Count(line => line.GetProperty("type").GetString() == "content.refused" && line.GetProperty("details").GetProperty("reasons").GetString() == "unmarkable"));
    }

    [Fact]
    public async Task A_front_that_does_not_say_the_tag_in_force_lets_nothing_out()
    {
        var recording = await PutAsync();
        using var owner = await OwnerAsync(recording);
        await PutFalseLayoutAsync(recording);

        using var answer = await GetAsync(owner, recording.Path + "/content");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "mark-failed"), (answer.StatusCode, await SharedLink.SlugAsync(answer, Cancel)));
        Assert.Empty(await ReleasesAsync(recording));
        Assert.Contains(await recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "content.refused" && line.GetProperty("details").GetProperty("reasons").GetString() == "mark-failed");
    }

    [Fact]
    public async Task What_was_opened_of_a_layout_goes_with_the_key()
    {
        await using var vault = await TestVault.StartAsync();
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Cancel), Length, Cancel);
        await BytesAsync(recording, "/content");
        var shelf = vault.Services.GetRequiredService<MarkShelf>();
        Assert.Equal(1, shelf.Count);

        vault.Services.GetRequiredService<RecordingVault.Server.Features.Keys.VaultKeyring>().Drop(recording.Tenant.Id, RecordingVault.Vault.Keys.KeyKind.Recording, recording.Id);

        Assert.Equal(0, shelf.Count);
        Assert.Equal(recording.Leaves, await BytesAsync(recording, "/content"));
    }

    [Theory]
    [InlineData("end.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac")]
    [InlineData("faststart.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac -movflags +faststart")]
    [InlineData("fragmented.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac -movflags +frag_keyframe+empty_moov")]
    [InlineData("film.mov", "video/quicktime", "-c:v libx264 -g 10 -c:a aac")]
    [InlineData("sound.m4a", "audio/mp4", "-vn -c:a aac")]
    [InlineData("sound.mp3", "audio/mpeg", "-vn -c:a libmp3lame")]
    [InlineData("sound.wav", "audio/wav", "-vn -c:a pcm_s16le")]
    [InlineData("film.webm", "video/webm", "-c:v libvpx -deadline realtime -c:a libopus")]
    [InlineData("live.webm", "video/webm", "-c:v libvpx -deadline realtime -c:a libopus -f webm -live 1")]
    public async Task What_ffmpeg_makes_leaves_marked_and_decodes_to_the_same(string name, string mediaType, string recipe)
    {
        var path = await MediaSamples.MakeAsync("overlay-" + name, "-f lavfi -i testsrc=size=160x120:rate=10:duration=3 -f lavfi -i sine=duration=3 " + recipe);
        var content = await File.ReadAllBytesAsync(path, Cancel);
        var tenant = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Cancel, 50_000), Cancel);

        var bytes = await BytesAsync(recording, "/content");
        var (begin, end) = (await PartAsync(recording, 0, bytes.Length / 2), await PartAsync(recording, bytes.Length / 2, bytes.Length));

        Assert.EndsWith("/DMI-PROHIBITED", Assert.Single(await FileMarks.FindAsync(new MemorySource(bytes), mediaType, Cancel)).Value, StringComparison.Ordinal);
        Assert.Equal(bytes, begin.Concat(end).ToArray());
        Assert.Equal(recording.Leaves, bytes);
        var marked = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + Path.GetExtension(name));
        await File.WriteAllBytesAsync(marked, bytes, Cancel);
        Assert.Equal(await MediaSamples.FramesAsync(path, Cancel), await MediaSamples.FramesAsync(marked, Cancel));
        File.Delete(marked);
    }

    private static async Task<byte[]> PartAsync(StoredRecording recording, int from, int to)
    {
        using var client = await OwnerAsync(recording);
        using var part = await GetAsync(client, recording.Path + "/content", ("Range", $"bytes={from}-{to - 1}"));
        return await part.Content.ReadAsByteArrayAsync(Cancel);
    }

    private static async Task PutFalseLayoutAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        var keys = scope.ServiceProvider.GetRequiredService<RecordingVault.Server.Features.Keys.TenantKeys>();
        var store = recording.Vault.Services.GetRequiredService<RecordingVault.Vault.Storage.SealedStore>();
        using var key = await keys.RecordingKeyAsync(recording.Id, Cancel);
        var making = await RecordingVault.Marks.Serving.LayoutWriter.MakeAsync(new MemorySource(recording.Content), "video/mp4", null, Cancel);
        var stored = making.Stored!;
        // Whole in itself, with right digests: only that under the name of the strictest tag stands the front of the loosest one.
        const int Place = 8 + 4 + 1 + 32;
        var (strict, loose) = (stored.AsSpan().IndexOf("\u0006no-tdm"u8) + 7, stored.AsSpan().IndexOf("\u0007allowed"u8) + 8);
        stored.AsSpan(loose, Place).CopyTo(stored.AsSpan(strict));
        var asset = await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Layout, LayoutMedia.LaidOut, new MemoryStream(stored), Cancel);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset) { DerivedFrom = recording.Asset.Id }], key, Actor.System, () => Task.CompletedTask, Cancel);
    }

    private static string Front(byte[] film) => Convert.ToHexStringLower(SHA256.HashData(film.AsSpan(24, Mp4Layout.FrontLength)));

    private static async Task<string> ValueAsync(byte[] film) => Assert.Single(await FileMarks.FindAsync(new MemorySource(film), "video/mp4", Cancel)).Value.Split('/')[^1];

    private static async Task<byte[]> BytesAsync(StoredRecording recording, string what)
    {
        using var client = await OwnerAsync(recording);
        using var answer = await GetAsync(client, recording.Path + what);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Cancel);
    }

    private static async Task<HttpClient> OwnerAsync(StoredRecording recording)
    {
        var client = recording.Vault.Client();
        var known = await recording.Tenant.ClientAsync(Role.Owner, Cancel);
        client.DefaultRequestHeaders.Authorization = known.DefaultRequestHeaders.Authorization;
        return client;
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Cancel);
    }

    private static async Task<IReadOnlyList<JsonElement>> ReleasesAsync(StoredRecording recording) =>
        [.. (await recording.Tenant.EventsAsync(Cancel)).Where(line => line.GetProperty("type").GetString() == "content.released")];

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutLeavingAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), Length, Cancel);
}
