using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

[Trait("Needs", "Browser")]
public sealed class FrontPageTests(Browser browser)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_front_page_is_quiet_and_accessible_on_every_screen()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        foreach (var (screen, theme) in Browser.Screens)
        {
            await using var visitor = await browser.VisitAsync(server.Address, screen, theme);
            var answer = await visitor.Page.GotoAsync("/");

            Assert.Equal(200, answer!.Status);
            Assert.Contains("RecordingVault", await visitor.Page.TitleAsync(), StringComparison.Ordinal);
            await visitor.ShouldBeAccessibleAsync();
            visitor.ShouldBeQuiet();
            await visitor.PictureAsync($"front-{screen}-{theme}".ToLowerInvariant());
        }
    }
}
