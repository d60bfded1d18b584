using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A page tells how far the making of a recording is while it is made, and nobody loads it anew for that.</summary>
[Trait("Needs", "Browser")]
public sealed class MakingTests(Browser browser, MeetingFiles meetings)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bar_goes_on_and_the_words_change_on_the_page_as_it_stands()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.HevcAsync(Ct));
        await page.GotoAsync($"/recordings/{recording}");
        var (bar, words) = (page.Locator("#making progress"), page.Locator("#making [data-ready]"));
        await Assertions.Expect(words).ToContainTextAsync("Being made ready for every browser.");
        // It is gone where somebody, or something, loads the page anew.
        await page.EvaluateAsync("document.documentElement.dataset.stood = 'yes'");
        var first = await ValueAsync(bar);
        await page.WaitForFunctionAsync("before => document.querySelector('#making progress').value > before", first, new() { Timeout = 120_000 });
        var second = await ValueAsync(bar);
        await page.WaitForFunctionAsync("before => document.querySelector('#making progress').value > before", second, new() { Timeout = 120_000 });
        Assert.Equal($"{await ValueAsync(bar)} %", await bar.TextContentAsync());

        await Assertions.Expect(words).ToHaveTextAsync("It is ready for every browser now. Open the page again to watch that.", new() { Timeout = 240_000 });

        await Assertions.Expect(bar).ToBeHiddenAsync();
        Assert.Equal("yes", await page.EvaluateAsync<string>("document.documentElement.dataset.stood"));
        helen.ShouldBeQuiet();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#making")).ToHaveCountAsync(0);
        await Story.PlayAsync(page, untilSeconds: 1);
    }

    private static Task<double> ValueAsync(ILocator bar) => bar.EvaluateAsync<double>("bar => bar.value");
}
