using System.Net;
using RecordingVault.Marks.Bmff;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>Links and time: the clock stands still between the steps.</summary>
public sealed class LinkTimeTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const int Long = 24 * 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopping_a_link_cuts_who_is_watching_and_tells_the_page()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1));
        await using var reader = await ReadAsync(link, visitor);
        using var events = await visitor.GetAsync(link.PublicPath + "/events", Cancel);
        await vault.PassAsync(2, Cancel);
        Assert.Equal(2, vault.Running(link.Recording.Tenant.Id));

        await link.StopAsync(Cancel);
        Assert.Equal(2, vault.Running(link.Recording.Tenant.Id));
        await vault.PassAsync(1, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.True(reader.Received < Long);
        Assert.Contains("event: stopped\ndata: {\"reason\":\"link-stopped\"", await events.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await ClockedVault.UntilAsync(() => vault.Running(link.Recording.Tenant.Id) == 0, Cancel);
    }

    [Fact]
    public async Task A_link_ends_at_its_moment_and_so_does_what_runs()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddMinutes(5));
        await using var reader = await ReadAsync(link, visitor);
        using var events = await visitor.GetAsync(link.PublicPath + "/events", Cancel);

        // In small steps: a jump of minutes would blind the watch, which stops everything for another reason.
        await vault.PassMinutesAsync(4, Cancel);
        await vault.PassAsync(58, Cancel);
        Assert.Equal(2, vault.Running(link.Recording.Tenant.Id));
        using (var before = await visitor.GetAsync(link.PublicPath + "/content", Cancel))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await vault.PassAsync(2, Cancel);
        using var after = await visitor.GetAsync(link.PublicPath + "/content", Cancel);

        Assert.Equal("link-ended", await SharedLink.SlugAsync(after, Cancel));
        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("\"reason\":\"link-ended\"", await events.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_was_made_longer_lets_who_watches_go_on()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddSeconds(6));
        await using var reader = await ReadAsync(link, visitor);

        (await link.ChangeAsync(new { expiresAt = vault.Clock.GetUtcNow().AddDays(1) }, Cancel)).EnsureSuccessStatusCode();
        await vault.PassAsync(10, Cancel);

        Assert.False(await reader.ReadUntilCutAsync(Cancel));
    }

    [Fact]
    public async Task A_cookie_lasts_half_an_hour_after_its_last_use()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 1_000);

        for (var i = 0; i < 3; i++)
        {
            vault.Clock.Advance(TimeSpan.FromMinutes(25));
            using var going = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
            Assert.Equal(HttpStatusCode.OK, going.StatusCode);
        }

        vault.Clock.Advance(TimeSpan.FromMinutes(31));
        using var late = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task Who_fetches_more_than_he_plays_is_seen()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 300_000);
        using (var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel))
            await content.Content.ReadAsByteArrayAsync(Cancel);
        Assert.False((await link.ReadAsync(Cancel)).GetProperty("watched").GetProperty("fetchedWhole").GetBoolean());

        await vault.PassAsync(12, Cancel);

        var watched = (await link.ReadAsync(Cancel)).GetProperty("watched");
        Assert.True(watched.GetProperty("fetchedWhole").GetBoolean());
        Assert.Equal(0, watched.GetProperty("viewings").GetInt32());
    }

    [Theory]
    [InlineData(0, 299_998, 0, true)] // all but the last byte
    [InlineData(0, 299_999, 100, false)] // watched to the end
    [InlineData(0, 299_999, 40, true)] // left early, with the whole in hand
    [InlineData(0, 149_999, 20, false)] // buffered ahead, or skimmed
    public async Task Watching_to_the_end_is_no_taking_and_leaving_out_a_byte_hides_none(int first, int last, int playedSeconds, bool isTold)
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 300_000);

        await FetchAsync(link, visitor, $"bytes={first}-{last}");
        (await visitor.PostAsync(link.PublicPath + "/played", new { ranges = new[] { new[] { 0, playedSeconds } }, duration = 100 }, Cancel)).EnsureSuccessStatusCode();
        await vault.PassAsync(12, Cancel);

        Assert.Equal(isTold, (await link.ReadAsync(Cancel)).GetProperty("watched").GetProperty("fetchedWhole").GetBoolean());
    }

    [Fact]
    public async Task Fetching_in_pieces_by_several_openings_is_seen()
    {
        var (link, first) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 300_000);
        await FetchAsync(link, first, "bytes=0-99999");
        foreach (var range in new[] { "bytes=100000-199999", "bytes=200000-299999" })
        {
            var again = await Visitor.AtAsync(vault.Vault, link.Id, Cancel);
            (await again.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
            await FetchAsync(link, again, range);
        }

        await vault.PassAsync(12, Cancel);

        Assert.True((await link.ReadAsync(Cancel)).GetProperty("watched").GetProperty("fetchedWhole").GetBoolean());
    }

    [Fact]
    public async Task A_cookie_of_a_link_that_is_over_is_not_made_longer()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 1_000);
        await link.StopAsync(Cancel);
        vault.Clock.Advance(TimeSpan.FromMinutes(10));

        using var answer = await visitor.GetAsync(link.PublicPath + "/content", Cancel);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_player_that_asks_again_and_again_is_refused_in_the_log_once_in_ten_minutes()
    {
        var (link, visitor) = await OpenedAsync(vault.Clock.GetUtcNow().AddDays(1), length: 1_000);
        await link.StopAsync(Cancel);

        for (var i = 0; i < 3; i++)
            (await visitor.GetAsync(link.PublicPath + "/content", Cancel)).Dispose();
        Assert.Equal(1, await RefusedAsync(link));
        (await visitor.GetAsync(link.PublicPath + "/download", Cancel)).Dispose();
        Assert.Equal(2, await RefusedAsync(link));
        vault.Clock.Advance(TimeSpan.FromMinutes(11));
        (await visitor.GetAsync(link.PublicPath + "/content", Cancel)).Dispose();
        Assert.Equal(3, await RefusedAsync(link));
    }

    [Fact]
    public async Task Who_tries_and_tries_is_told_to_wait_whether_the_link_exists_or_not()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel);
        var guesser = await Visitor.AtAsync(vault.Vault, link.Id, Cancel);
        for (var i = 0; i < ThrottleRule.Address.FreeTries; i++)
        {
            using var wrong = await guesser.OpenAsync(i % 2 == 0 ? link.Id : Guid.NewGuid(), SecretToken.ToText(SecretToken.New()), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        }

        using var known = await guesser.OpenAsync(link, Cancel);
        using var unknown = await guesser.OpenAsync(Guid.NewGuid(), link.Secret, Cancel);
        using var other = await (await Visitor.AtAsync(vault.Vault, link.Id, Cancel)).OpenAsync(link, Cancel);
        vault.Clock.Advance(TimeSpan.FromSeconds(5));
        using var later = await guesser.OpenAsync(link, Cancel);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (known.StatusCode, unknown.StatusCode));
        Assert.Equal("5", known.Headers.GetValues("Retry-After").Single());
        Assert.Equal("too-many-tries", await SharedLink.SlugAsync(known, Cancel));
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, later.StatusCode);
    }

    [Fact]
    public async Task Many_machines_that_try_one_link_are_slowed_too_and_good_openings_count_for_nothing()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel);
        for (var i = 0; i < ThrottleRule.Link.FreeTries + 5; i++)
            (await (await Visitor.AtAsync(vault.Vault, link.Id, Cancel)).OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        for (var i = 0; i < ThrottleRule.Link.FreeTries; i++)
            (await (await Visitor.AtAsync(vault.Vault, link.Id, Cancel)).OpenAsync(link.Id, SecretToken.ToText(SecretToken.New()), Cancel)).Dispose();

        using var next = await (await Visitor.AtAsync(vault.Vault, link.Id, Cancel)).OpenAsync(link, Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
    }

    private static async Task<int> RefusedAsync(SharedLink link) =>
        (await link.Recording.Tenant.EventTypesAsync(Cancel)).Count(type => type == "content.refused");

    private static async Task FetchAsync(SharedLink link, Visitor visitor, string range)
    {
        using var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, content.StatusCode);
        await content.Content.ReadAsByteArrayAsync(Cancel);
    }

    /// <param name="length">Bytes that leave, where they are more than a front.</param>
    private async Task<(SharedLink Link, Visitor Visitor)> OpenedAsync(DateTimeOffset expiresAt, int length = Long)
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { expiresAt }, length > Mp4Layout.FrontLength ? length - Mp4Layout.FrontLength : length);
        var visitor = await Visitor.AtAsync(vault.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        return (link, visitor);
    }

    private async Task<SlowReader> ReadAsync(SharedLink link, Visitor visitor)
    {
        var reader = await SlowReader.GetAsync(vault.Vault.Address, link.PublicPath + "/content", "Cookie: " + visitor.CookieHeader, Cancel);
        Assert.Equal((200, Long), (reader.Status, reader.ContentLength));
        await reader.ReadAsync(256 * 1024, Cancel);
        return reader;
    }
}
