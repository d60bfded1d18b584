using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Bmff;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>What may be watched and not kept leaves in short answers, and no further ahead than a minute of playing (security.md 8).</summary>
public sealed class PacingTests(ClockedVault vault) : PlayingTests(vault)
{
    private const int FilmSeconds = 192;
    private const int BytesPerSecond = FilmLength / FilmSeconds;
    private const int Piece = 10 * BytesPerSecond;
    private const int AtOnce = 40 * BytesPerSecond;

    [Fact]
    public async Task A_viewer_is_answered_in_pieces_and_waits_when_forty_seconds_are_his()
    {
        var recording = await PutTimedAsync();
        using var viewer = await ClientAsync(Role.Viewer);

        for (var offset = 0; offset < AtOnce; offset += Piece)
        {
            using var piece = await AskAsync(viewer, recording, offset);
            Assert.Equal(HttpStatusCode.PartialContent, piece.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(offset, offset + Piece - 1, FilmLength), piece.Content.Headers.ContentRange);
            Assert.Equal(recording.Leaves.AsSpan(offset, Piece).ToArray(), await piece.Content.ReadAsByteArrayAsync(Cancel));
        }

        using var next = await AskAsync(viewer, recording, AtOnce);
        var reading = next.Content.ReadAsByteArrayAsync(Cancel);
        // His page has said nothing: ten seconds of film pass in a little more than three.
        Assert.InRange(await PassUntilAsync(reading), 4, 60);
        Assert.Equal(recording.Leaves.AsSpan(AtOnce, Piece).ToArray(), await reading);
    }

    [Fact]
    public async Task A_link_that_is_for_watching_goes_as_fast_as_its_page_plays()
    {
        var recording = await PutTimedAsync();
        var (link, visitor) = await OpenAsync(recording, allowDownload: false);
        Assert.Equal(HttpStatusCode.NoContent, (await visitor.PostAsync(link.PublicPath + "/pace", new { rate = 0, waiting = false }, Cancel)).StatusCode);
        for (var offset = 0; offset < AtOnce; offset += Piece)
            Assert.Equal(Piece, (await (await visitor.GetAsync(link.PublicPath + "/content", Cancel, ("Range", $"bytes={offset}-"))).Content.ReadAsByteArrayAsync(Cancel)).Length);

        using var next = await visitor.GetAsync(link.PublicPath + "/content", Cancel, ("Range", $"bytes={AtOnce}-"));
        var reading = next.Content.ReadAsByteArrayAsync(Cancel);
        await Vault.PassAsync(30, Cancel);
        Assert.False(reading.IsCompleted);
        (await visitor.PostAsync(link.PublicPath + "/pace", new { rate = 1, waiting = false }, Cancel)).EnsureSuccessStatusCode();

        Assert.InRange(await PassUntilAsync(reading), 10, 60);
        Assert.Equal(Piece, (await reading).Length);
    }

    [Fact]
    public async Task A_jump_is_answered_at_once()
    {
        var recording = await PutTimedAsync();
        using var viewer = await ClientAsync(Role.Viewer);
        for (var offset = 0; offset < AtOnce; offset += Piece)
            await (await AskAsync(viewer, recording, offset)).Content.ReadAsByteArrayAsync(Cancel);

        using var there = await AskAsync(viewer, recording, 120 * BytesPerSecond);

        Assert.Equal(recording.Leaves.AsSpan(120 * BytesPerSecond, Piece).ToArray(), await there.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Who_asks_for_the_whole_gets_the_whole_by_and_by()
    {
        var recording = await PutTimedAsync();
        await using var reader = await ReadAsync(recording, await Tenant.TokenAsync(await Tenant.AddAsync(Role.Viewer, Cancel), Role.Viewer, Cancel));

        var reading = reader.ReadUntilCutAsync(Cancel);
        // A hundred and fifty-two seconds of film behind the first forty, at three times.
        Assert.InRange(await PassUntilAsync(reading), 50, 400);

        Assert.False(await reading);
    }

    [Fact]
    public async Task What_does_not_say_how_long_it_is_is_paced_by_the_rate_that_it_is_taken_for()
    {
        const int Second = 50_000;
        var recording = await StoredRecording.PutAsync(Vault.Vault, Tenant, FilmLength - Mp4Layout.FrontLength, Cancel, "audio/mp4");
        using var viewer = await ClientAsync(Role.Viewer);
        for (var offset = 0; offset < 40 * Second; offset += 10 * Second)
        {
            using var piece = await AskAsync(viewer, recording, offset);
            Assert.Equal(new ContentRangeHeaderValue(offset, offset + (10 * Second) - 1, FilmLength), piece.Content.Headers.ContentRange);
            Assert.Equal(recording.Leaves.AsSpan(offset, 10 * Second).ToArray(), await piece.Content.ReadAsByteArrayAsync(Cancel));
        }

        using var next = await AskAsync(viewer, recording, 40 * Second);
        var reading = next.Content.ReadAsByteArrayAsync(Cancel);
        Assert.False(reading.IsCompleted);

        Assert.InRange(await PassUntilAsync(reading), 4, 60);
        Assert.Equal(10 * Second, (await reading).Length);
    }

    [Theory]
    [InlineData("video/webm", 8_000_000)]
    [InlineData("audio/webm", 400_000)]
    public void A_film_of_unknown_length_is_taken_for_so_many_bits_a_second(string mediaType, int bits)
    {
        var asset = new ManifestAsset(Guid.CreateVersion7(), ObjectRole.OriginalSegment, mediaType, 1_000_000, []);

        Assert.Equal(bits / 8, StreamPace.RateOf(asset, null));
        Assert.Equal(bits / 8, StreamPace.RateOf(asset, 0));
        Assert.Equal(100_000, StreamPace.RateOf(asset, 10));
    }

    [Fact]
    public async Task Who_may_keep_it_is_not_paced()
    {
        var recording = await PutTimedAsync();
        var (link, visitor) = await OpenAsync(recording, allowDownload: true);
        using var owner = await ClientAsync(Role.Contributor);

        using var member = await AskAsync(owner, recording, 0);
        using var stranger = await visitor.GetAsync(link.PublicPath + "/content", Cancel, ("Range", "bytes=0-"));

        Assert.Equal((FilmLength, FilmLength), ((await member.Content.ReadAsByteArrayAsync(Cancel)).Length, (await stranger.Content.ReadAsByteArrayAsync(Cancel)).Length));
    }

    [Fact]
    public async Task A_page_says_how_fast_it_plays_and_nothing_else()
    {
        var recording = await PutTimedAsync();
        var (link, visitor) = await OpenAsync(recording, allowDownload: false);

        using var wrong = await visitor.PostAsync(link.PublicPath + "/pace", new { rate = -1 }, Cancel);
        using var stranger = await new Visitor(Vault.Vault).PostAsync(link.PublicPath + "/pace", new { rate = 1 }, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (wrong.StatusCode, await SharedLink.SlugAsync(wrong, Cancel)));
        Assert.NotEqual(HttpStatusCode.NoContent, stranger.StatusCode);
    }

    private async Task<StoredRecording> PutTimedAsync()
    {
        var recording = await PutAsync();
        await using var scope = Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DurationSeconds, FilmSeconds), Cancel);
        return recording;
    }

    private async Task<HttpClient> ClientAsync(Role role)
    {
        var client = Vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await Tenant.TokenAsync(await Tenant.AddAsync(role, Cancel), role, Cancel));
        return client;
    }

    private async Task<(SharedLink Link, Visitor Visitor)> OpenAsync(StoredRecording recording, bool allowDownload)
    {
        var link = await SharedLink.MakeAsync(recording, Cancel, new { allowDownload });
        var visitor = await Visitor.AtAsync(Vault.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        return (link, visitor);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, StoredRecording recording, int offset)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/content");
        request.Headers.Range = new RangeHeaderValue(offset, null);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    /// <returns>Seconds of the vault's clock.</returns>
    private async Task<int> PassUntilAsync(Task done)
    {
        var seconds = 0;
        while (!done.IsCompleted)
        {
            await Vault.PassAsync(1, Cancel);
            seconds++;
            // The server's own threads go on between two ticks.
            await Task.Delay(5, Cancel);
        }

        return seconds;
    }
}
