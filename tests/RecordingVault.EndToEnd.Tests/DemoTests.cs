using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>`infra/run.sh --demo`: the member that it prints signs in, a recording is there and plays.</summary>
[Trait("Needs", "Browser")]
public sealed class DemoTests(Browser browser)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_serves_a_vault_into_which_its_member_signs_in_and_whose_recording_plays()
    {
        await using var demo = await DemoServer.StartAsync(Ct);
        await using var newcomer = await browser.VisitAsync(demo.Address, Screen.Desktop, ColorScheme.Light);
        var page = newcomer.Page;
        await demo.SignInAsync(page);

        var first = page.GetByRole(AriaRole.Link, new() { Name = "Goals for the spring" }).First;
        await ReloadUntilAsync(page, first);
        await first.ClickAsync();
        await Story.PlayAsync(page, untilSeconds: 1);
        newcomer.ShouldBeQuiet();
        Assert.DoesNotContain("Set up the vault", demo.Output, StringComparison.Ordinal);
    }

    /// <summary>Its recordings come one after the other.</summary>
    private static async Task ReloadUntilAsync(IPage page, ILocator there)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        while (await there.CountAsync() == 0)
        {
            await Task.Delay(500, limit.Token);
            await page.GotoAsync("/");
        }
    }
}
