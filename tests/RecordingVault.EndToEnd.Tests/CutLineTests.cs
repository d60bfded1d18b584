using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A line that is cut while a film plays is no damage of the film: it goes on, and nobody is told otherwise.</summary>
[Trait("Needs", "Browser")]
public sealed class CutLineTests(Browser browser, MeetingFiles meetings)
{
    private const int Fast = 50_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_film_goes_on_over_a_line_that_is_cut_and_is_not_called_damaged()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var line = new SendingLine(server.Address, Fast);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.LongAsync(Ct));
        await page.GotoAsync(new Uri(line.Address, $"/recordings/{recording}").ToString());
        await page.EvaluateAsync("new MutationObserver(() => { window.said = (window.said ?? '') + document.querySelector('[data-words]').textContent; }).observe(document.querySelector('[data-words]'), { childList: true, characterData: true, subtree: true })");
        await Story.PlayAsync(page, untilSeconds: 2);

        foreach (var second in new[] { 300, 600, 900 })
        {
            // Where nothing is in the buffers, so that the line is needed.
            await page.EvaluateAsync("second => { document.querySelector('video').currentTime = second; }", second);
            line.Cut();
            await page.WaitForFunctionAsync("second => { const film = document.querySelector('video'); return !film.paused && film.currentTime > second + 1; }", second, new() { Timeout = 60_000 });
            line.Cut();
        }

        Assert.DoesNotContain("damaged", await page.EvaluateAsync<string>("window.said ?? ''"), StringComparison.Ordinal);
    }
}
