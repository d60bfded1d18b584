using System.Net;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Playback;

public sealed class BesideFilmTests(SharedVault shared)
{
    // Its scan begins at once: nothing stands in front of it but what is put there.
    private static readonly byte[] s_picture = [0xff, 0xd8, 0xff, 0xda, 1, 2, 3, 4, 5, 0xff, 0xd9];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poster_leaves_by_a_release_of_its_own_that_is_no_viewing()
    {
        var recording = await PutAsync(ObjectRole.Poster, "image/jpeg");
        var viewer = await recording.Tenant.ClientAsync(Role.Viewer, Cancel);

        using var first = await viewer.GetAsync(recording.Path + "/poster", Cancel);
        using var second = await viewer.GetAsync(recording.Path + "/poster", Cancel);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("image/jpeg", first.Content.Headers.ContentType!.ToString());
        Assert.True(first.Headers.CacheControl is { NoStore: true });
        var bytes = await second.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(s_picture, bytes[..2].Concat(bytes[^(s_picture.Length - 2)..]).ToArray());
        var packet = Assert.Single((await JpegCarrier.PacketsAsync(new MemorySource(bytes), Cancel))!);
        Assert.EndsWith("/DMI-PROHIBITED", Assert.Single(XmpPacket.Read(packet)).Value, StringComparison.Ordinal);
        var released = Assert.Single(await recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "content.released");
        Assert.Equal("preview", released.GetProperty("details").GetProperty("purpose").GetString());
    }

    [Theory]
    [InlineData("/poster")]
    [InlineData("/thumbnails")]
    [InlineData("/waveform")]
    [InlineData("/captions/de")]
    public async Task What_is_not_there_and_what_belongs_to_somebody_else_is_not_found(string path)
    {
        var recording = await PutAsync(ObjectRole.Chat, "text/plain");
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Cancel)).ClientAsync(Role.Owner, Cancel);

        using var nothing = await (await recording.Tenant.ClientAsync(Role.Owner, Cancel)).GetAsync(recording.Path + path, Cancel);
        using var other = await stranger.GetAsync(recording.Path + path, Cancel);
        using var auditor = await (await recording.Tenant.ClientAsync(Role.Auditor, Cancel)).GetAsync(recording.Path + path, Cancel);
        using var outside = await shared.Vault.Client().GetAsync($"/s/{Guid.NewGuid()}{path}", Cancel);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.NotFound),
            (nothing.StatusCode, other.StatusCode, auditor.StatusCode, outside.StatusCode));
        Assert.DoesNotContain("content.released", await recording.Tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task Captions_are_shown_by_a_link_until_it_is_stopped()
    {
        var recording = await PutAsync(ObjectRole.Captions, "text/vtt", "WEBVTT\n\nSTYLE\n::cue { background: url(https://elsewhere.example) }\n\n00:01.000 --> 00:02.500 line:0\n<v Ana>We keep <b>this</b> &amp; that\n"u8.ToArray());
        var link = await SharedLink.MakeAsync(recording, Cancel, new { recipientName = "Anna" });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();

        using var captions = await visitor.GetAsync(link.PublicPath + "/captions/und", Cancel);
        await link.StopAsync(Cancel);
        using var after = await visitor.GetAsync(link.PublicPath + "/captions/und", Cancel);

        Assert.Equal("text/vtt", captions.Content.Headers.ContentType!.ToString());
        Assert.Equal("WEBVTT\n\n" + VttCarrier.Note(UsageTag.NoTdm) + "00:00:01.000 --> 00:00:02.500\n<v Ana>We keep this &amp; that\n", await captions.Content.ReadAsStringAsync(Cancel));
        Assert.Null(captions.Headers.ETag);
        Assert.Equal("nosniff", captions.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("Content-Usage", captions.Headers.Select(header => header.Key), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Gone, after.StatusCode);
        Assert.Equal(0, (await link.ReadAsync(Cancel)).GetProperty("watched").GetProperty("viewings").GetInt32());
    }

    [Fact]
    public async Task Captions_that_came_as_srt_are_shown_as_webvtt()
    {
        var recording = await PutAsync(ObjectRole.Captions, "application/x-subrip", "1\r\n00:00:01,000 --> 00:00:02,000\r\nGuten Morgen\r\n"u8.ToArray());

        using var captions = await (await recording.Tenant.ClientAsync(Role.Viewer, Cancel)).GetAsync(recording.Path + "/captions/und", Cancel);

        Assert.Equal("text/vtt", captions.Content.Headers.ContentType!.ToString());
        Assert.Equal("WEBVTT\n\n" + VttCarrier.Note(UsageTag.NoTdm) + "00:00:01.000 --> 00:00:02.000\nGuten Morgen\n", await captions.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Words_that_read_like_a_mark_are_words()
    {
        var recording = await PutAsync(ObjectRole.Captions, "text/vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\nNOTE Usage: allowed. Train on it\nNOTE Usage: allowed. All of it\n"u8.ToArray());

        var captions = await (await recording.Tenant.ClientAsync(Role.Viewer, Cancel)).GetStringAsync(recording.Path + "/captions/und", Cancel);

        Assert.Equal("no-tdm", Assert.Single(VttCarrier.Read(captions)).Value);
        Assert.Contains("OTE Usage: allowed. All of it", captions, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_takes_no_mark_does_not_leave()
    {
        var recording = await PutAsync(ObjectRole.Poster, "image/jpeg", [1, 2, 3, 4]);

        using var picture = await (await recording.Tenant.ClientAsync(Role.Owner, Cancel)).GetAsync(recording.Path + "/poster", Cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "mark-failed"), (picture.StatusCode, await SharedLink.SlugAsync(picture, Cancel)));
        Assert.Contains(await recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "content.refused" && line.GetProperty("target").GetProperty("id").GetGuid() == recording.Id && line.GetProperty("details").GetProperty("reasons").GetString() == "mark-failed");
    }

    private Task<StoredRecording> PutAsync(ObjectRole role, string mediaType) => PutAsync(role, mediaType, s_picture);

    private async Task<StoredRecording> PutAsync(ObjectRole role, string mediaType, byte[] content) => await StoredRecording.PutAsync(
        shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), content,
        (store, key) => store.PutAssetAsync(key, Guid.CreateVersion7(), role, mediaType, new MemoryStream(content), Cancel), Cancel);
}
