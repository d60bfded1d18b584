using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Somebody who was recorded is asked, watches himself, answers on his phone, and takes it back by his receipt.</summary>
[Trait("Needs", "Browser")]
public sealed class ConsentQuestionTests(Browser browser, MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ben_is_asked_answers_on_his_phone_and_takes_it_back_while_somebody_watches()
    {
        await using var helen = await vault.SignInAsync();
        var recording = await Story.UploadAsync(helen.Page, await meetings.LongAsync(Ct));
        using var named = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/recordings/{recording}") { Content = JsonContent.Create(new { participants = new[] { new { name = "Ben Okafor" }, new { name = "Anna Lindqvist" } } }) };
        named.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await vault.Server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        (await vault.Server.Client.SendAsync(named, Ct)).EnsureSuccessStatusCode();
        await helen.LookAsync($"/recordings/{recording}/ask", "ask");
        var url = await AskAsync(helen.Page, recording);
        await helen.ShouldBeAccessibleAsync();
        await helen.Page.GotoAsync($"/recordings/{recording}/consent");
        var bensLine = helen.Page.Locator("tr", new() { HasText = "Ben Okafor" });
        await Assertions.Expect(bensLine.Locator("span", new() { HasText = "Yes" })).ToHaveCountAsync(0);

        await using var ben = await browser.VisitAsync(vault.Server.Address, Screen.Phone, ColorScheme.Light);
        await OpenAsync(ben, url);
        await Assertions.Expect(ben.Page.Locator("h1")).ToContainTextAsync("Ben Okafor, you were recorded on");
        await Assertions.Expect(ben.Page.Locator("#left")).ToContainTextAsync("7 questions are still open");
        await ben.ShouldBeAccessibleAsync();
        await Story.PlayAsync(ben.Page, untilSeconds: 1);
        await ben.Page.Keyboard.PressAsync("k");
        foreach (var (use, says) in new[] { ("keep", "Yes"), ("view-internal", "Yes"), ("share-external", "Yes"), ("ai-training", "No") })
            await ben.Page.Locator($"fieldset:has([name='{use}']) label", new() { HasText = says }).ClickAsync();
        await Assertions.Expect(ben.Page.Locator("#left")).ToContainTextAsync("3 questions are still open");
        await ben.PictureAsync("question-phone");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Send my answer" }).ClickAsync();
        await Assertions.Expect(ben.Page.Locator("h1")).ToContainTextAsync("Thank you, Ben Okafor.");
        await ben.ShouldBeAccessibleAsync();
        await ben.PictureAsync("question-thanks-phone");
        var receipt = await ben.Page.Locator("#receipt-link").InputValueAsync();
        ben.ShouldBeQuiet();

        // The page turns green while she looks.
        await Assertions.Expect(bensLine.Locator("span", new() { HasText = "Yes" })).ToHaveCountAsync(3);
        // The asker's list follows by itself.
        await helen.Page.GotoAsync($"/recordings/{recording}/ask");
        await Assertions.Expect(helen.Page.Locator("#asked-list")).ToContainTextAsync("Answered");
        await helen.LookAsync($"/recordings/{recording}/consent", "consent-answered");

        var (link, passcode) = await Story.ShareAsync(helen.Page, recording, "Claire Dubois");
        await using var claire = await new Story(browser, vault.Server).OpenLinkAsync(link, passcode, Screen.Desktop, ColorScheme.Light);
        await Story.PlayAsync(claire.Page, untilSeconds: 1);

        await using var later = await browser.VisitAsync(vault.Server.Address, Screen.Phone, ColorScheme.Dark);
        await OpenAsync(later, receipt);
        await Assertions.Expect(later.Page.Locator("h1")).ToContainTextAsync("this is what you agreed to");
        await later.ShouldBeAccessibleAsync();
        await later.PictureAsync("question-receipt-phone");
        await later.Page.Locator("fieldset:has([name='share-external']) label", new() { HasText = "No" }).ClickAsync();
        await later.Page.GetByRole(AriaRole.Button, new() { Name = "Send my new answer" }).ClickAsync();
        await Assertions.Expect(later.Page.Locator("#thanks")).ToContainTextAsync("You took back your yes for:");
        later.ShouldBeQuiet();
        // What runs is cut, and what the page holds goes off the screen.
        await Assertions.Expect(claire.Page.Locator("video[src]")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await claire.PictureAsync("viewer-consent-withdrawn");
        // Helen still looks at the recording, where she made the link.
        await Assertions.Expect(helen.Page.Locator("#said li", new() { HasText = "Ben Okafor" })).ToContainTextAsync("Withdrawn");
        await helen.Page.GotoAsync($"/recordings/{recording}/consent");
        await Assertions.Expect(helen.Page.Locator("tr", new() { HasText = "Ben Okafor" })).ToContainTextAsync("Withdrawn");
        helen.ShouldBeQuiet();
    }

    private static async Task<string> AskAsync(IPage page, Guid recording)
    {
        await page.GotoAsync($"/recordings/{recording}/consent");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ask for consent" }).ClickAsync();
        await page.GetByLabel("Anna Lindqvist").UncheckAsync();
        await page.GetByLabel("Each may watch the recording before answering").CheckAsync();
        await page.FillAsync("#note", "Thank you for the call, Ben.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the links" }).ClickAsync();
        return await page.Locator("[id^='made-']").InputValueAsync();
    }

    private static async Task OpenAsync(VisitorPage visitor, string url)
    {
        await visitor.Page.GotoAsync(url);
        await visitor.ShouldBeAccessibleAsync();
        await visitor.Page.ClickAsync("#open");
        await visitor.Page.WaitForSelectorAsync("#consent");
        Assert.DoesNotContain('#', visitor.Page.Url);
    }
}
