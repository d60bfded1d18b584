using System.Net;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>What the library says of a file that is still arriving.</summary>
public sealed class ArrivingTileTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tile_and_a_line_say_how_long_the_rest_takes_once_the_speed_is_known()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(1_000_000);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        Assert.DoesNotContain(" left", await LibraryAsync(browser, "/"), StringComparison.Ordinal);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await tus.AppendAsync(address, 0, bytes[..250_000], Ct);

        Assert.Contains("<strong>25 %, about 3 min left</strong>", await LibraryAsync(browser, "/"), StringComparison.Ordinal);
        Assert.Contains("Arriving, about 3 min left", await LibraryAsync(browser, "/?view=list"), StringComparison.Ordinal);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("<strong>25 %, nothing has come for a while</strong>", await LibraryAsync(browser, "/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, "less than a minute left")]
    [InlineData(1.5, "about 2 min left")]
    [InlineData(99.5, "about 100 min left")]
    [InlineData(121, "about 3 h left")]
    [InlineData(721, null)]
    public void The_words_are_as_long_as_they_are_true(double minutes, string? words) =>
        Assert.Equal(words, new TileReceiving(1, 2) { Left = TimeSpan.FromMinutes(minutes) }.LeftWords);

    private static async Task<string> LibraryAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync(Ct);
    }
}
