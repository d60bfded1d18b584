using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A passage is marked while it plays, played as the copy would be, and taken out of a copy that is there a moment later.</summary>
[Trait("Needs", "Browser")]
public sealed class CuttingPageTests(SettledVault vault, MeetingFiles meetings) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passage_is_marked_by_two_keys_and_a_copy_is_made_without_it()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync($"/recordings/{recording}/edit");
        await page.GetByRole(AriaRole.Link, new() { Name = "A copy without some spans" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("A copy without some spans");

        await Story.NeedsPlayAsync(page);
        await page.Locator("[data-player] [data-do='play']").First.FocusAsync();
        await page.Keyboard.PressAsync("i");
        await page.EvaluateAsync("() => { document.querySelector('video').currentTime = 2; }");
        await page.WaitForFunctionAsync("() => !document.querySelector('video').seeking && document.querySelector('video').currentTime === 2");
        await page.Keyboard.PressAsync("o");
        Assert.Equal(("0:00", "0:02"), (await page.InputValueAsync("#from-0"), await page.InputValueAsync("#to-0")));
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep these spans" }).ClickAsync();
        await Assertions.Expect(page.Locator("form[data-spans]")).ToContainTextAsync("A copy without what is kept here lasts");

        await page.GetByRole(AriaRole.Button, new() { Name = "Play without them" }).ClickAsync();
        await Story.PlayAsync(page, untilSeconds: 2);
        await helen.LookAsync($"/recordings/{recording}/cut", "cut");
        await page.FillAsync("#title", "Weekly, without the beginning");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the copy" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the copy" }).WaitForAsync(new() { Timeout = 120_000 });
        await helen.LookAsync($"/recordings/{recording}/cut", "cut-made");

        await page.GetByRole(AriaRole.Link, new() { Name = "Open the copy" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Weekly, without the beginning");
        await Story.PlayAsync(page, untilSeconds: 1);
        helen.ShouldBeQuiet();
    }
}
