using System.Net;
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

        vault.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(2));
        using (var before = await visitor.GetAsync(link.PublicPath + "/content", Cancel))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        vault.Clock.Advance(TimeSpan.FromSeconds(2));
        using var after = await visitor.GetAsync(link.PublicPath + "/content", Cancel);

        Assert.Equal("link-ended", await SharedLink.SlugAsync(after, Cancel));
        Assert.True(await reader.ReadUntilCutAsync(Cancel));
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

    private async Task<(SharedLink Link, Visitor Visitor)> OpenedAsync(DateTimeOffset expiresAt, int length = Long)
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { expiresAt }, length);
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
