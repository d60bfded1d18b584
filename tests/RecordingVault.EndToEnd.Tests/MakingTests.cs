using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A page tells how far the making of a recording is while it is made, and nobody loads it anew for that.</summary>
[Trait("Needs", "Browser")]
public sealed class MakingTests(Browser browser, MeetingFiles meetings)
{
    /// <summary>Keeps every value of the bar and what it says beside it, from the page's first moment: how fast it goes is the machine's affair.</summary>
    private const string Watch = """
        addEventListener('DOMContentLoaded', () => {
          const bar = document.querySelector('#making progress');
          if (!bar) return;
          const keep = () => window.barSeen.push(`${bar.value}=${bar.textContent.trim()}`);
          window.barSeen = [];
          keep();
          new MutationObserver(keep).observe(bar, { attributes: true, attributeFilter: ['value'] });
        });
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bar_goes_on_and_the_words_change_on_the_page_as_it_stands()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.HevcAsync(Ct));
        await page.AddInitScriptAsync(Watch);
        await page.GotoAsync($"/recordings/{recording}");
        var (bar, words) = (page.Locator("#making progress"), page.Locator("#making [data-ready]"));
        await Assertions.Expect(words).ToContainTextAsync("Being made ready for every browser.");
        // It is gone where somebody, or something, loads the page anew.
        await page.EvaluateAsync("document.documentElement.dataset.stood = 'yes'");

        await Assertions.Expect(words).ToHaveTextAsync("It is ready for every browser now. Open the page again to watch that.", new() { Timeout = 240_000 });

        await Assertions.Expect(bar).ToBeHiddenAsync();
        var seen = await page.EvaluateAsync<string[]>("window.barSeen");
        Assert.All(seen, one => Assert.Matches("^([0-9]+)=\\1 %$", one));
        var values = seen.Select(one => int.Parse(one.Split('=')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(values.Order(), values);
        Assert.InRange(values.Distinct().Count(), 3, 101);
        Assert.Equal("yes", await page.EvaluateAsync<string>("document.documentElement.dataset.stood"));
        helen.ShouldBeQuiet();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#making")).ToHaveCountAsync(0);
        await Story.PlayAsync(page, untilSeconds: 1);
    }
}
