using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Links as their makers handle them, and the log that tells of it, in a real browser.</summary>
[Trait("Needs", "Browser")]
public sealed class LinkPagesTests(Browser browser, MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_share_dialog_works_by_keyboard_alone_and_its_sentence_follows()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync($"/recordings/{recording}");
        var opener = page.Locator("[data-open='share-dialog']").First;
        var dialog = page.Locator("#share-dialog");

        await page.PressAsync(opener);
        await Assertions.Expect(dialog.Locator("#recipientName")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Claire Dubois");
        await Assertions.Expect(dialog.Locator("[data-sentence]")).ToContainTextAsync("Claire Dubois can watch, not download, until");
        await helen.ShouldBeAccessibleAsync();
        await page.TypeAsync(dialog.Locator("#note"), "Asked by telephone.");
        await page.PressAsync(dialog.Locator("[data-make]"));
        await Assertions.Expect(dialog.Locator("[data-made-sentence]")).ToBeFocusedAsync();
        Assert.Contains("#", await dialog.Locator("#made-link").InputValueAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        // The link was not copied: closing asks first, and Enter goes back to it.
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeVisibleAsync();

        await page.GotoAsync("/links");
        var row = page.Locator("#links tr", new() { HasText = "Claire Dubois" });
        await Assertions.Expect(row).ToContainTextAsync("Asked by telephone.");
        await Assertions.Expect(row).ToContainTextAsync("Not opened yet");
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task The_share_dialog_gives_a_link_a_visible_mark_for_the_person_it_names()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync($"/recordings/{recording}");
        await page.Locator("[data-open='share-dialog']").First.ClickAsync();
        var dialog = page.Locator("#share-dialog");
        await dialog.Locator("#corner").CheckAsync();
        await Assertions.Expect(dialog.Locator("#markLanguage")).ToBeVisibleAsync();
        await dialog.Locator("#markLanguage").SelectOptionAsync("de");
        await helen.ShouldBeAccessibleAsync();

        // It names the one person whom it is for, or is not made.
        await dialog.Locator("[data-make]").ClickAsync();
        await Assertions.Expect(dialog.Locator("[data-error]")).ToContainTextAsync("names the one person");
        await dialog.Locator("#recipientName").FillAsync("Lena Brandt");
        await dialog.Locator("[data-make]").ClickAsync();
        await Assertions.Expect(dialog.Locator("[data-made-sentence]")).ToBeFocusedAsync();

        await page.GotoAsync("/links");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Edit Lena Brandt’s link") }).ClickAsync();
        await Assertions.Expect(page.Locator("#corner")).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("#slate")).Not.ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("#markLanguage")).ToHaveValueAsync("de");
        helen.ShouldBeQuiet($"/recordings/{recording}/shares");
    }

    [Fact]
    public async Task A_link_is_changed_opened_stopped_with_all_others_and_opened_again()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        var (url, _) = await Story.ShareAsync(page, recording, "Sam Weber");
        await helen.LookAsync("/links", "links");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Edit Sam Weber’s link") }).ClickAsync();
        var link = new Uri(page.Url).AbsolutePath;
        await helen.LookAsync(link, "link");

        await page.Locator("#recipientName").FillAsync("Sam Weber-Hollenstein");
        await page.GetByText("Watch and download", new() { Exact = true }).ClickAsync();
        await page.Locator("#passcodeIs").SelectOptionAsync("new");
        var passcode = await page.Locator("#passcode").InputValueAsync();
        await Assertions.Expect(page.Locator("[data-sentence]")).ToContainTextAsync("Sam Weber-Hollenstein can watch and download");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The link is changed.");

        await using (var sam = await new Story(browser, vault.Server).OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Light))
            await Assertions.Expect(sam.Page.Locator("main")).ToContainTextAsync("Sam Weber-Hollenstein");
        await helen.LookAsync("/links/stop", "links-stop");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Stop ") }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("All links are stopped.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ended", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#links tr", new() { HasText = "Sam Weber-Hollenstein" })).ToContainTextAsync("Stopped");

        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it again" }).ClickAsync();
        await page.GotoAsync("/links");
        await Assertions.Expect(page.Locator("#links tr", new() { HasText = "Sam Weber-Hollenstein" })).ToContainTextAsync("Opened");
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task All_links_to_one_person_are_stopped_from_the_list_and_a_recording_shows_all_that_it_had()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        var token = await vault.Server.CreateTokenAsync(Story.Mail, Story.House, Ct);
        for (var number = 0; number <= 50; number++)
        {
            using var made = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/recordings/{recording}/shares") { Content = JsonContent.Create(new { recipientName = number < 3 ? "Tomasz Wilk" : $"Guest {number}" }) };
            made.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            (await vault.Server.Client.SendAsync(made, Ct)).EnsureSuccessStatusCode();
        }

        await page.GotoAsync($"/recordings/{recording}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show earlier links" }).ClickAsync();
        await Assertions.Expect(page.Locator("#links article")).ToHaveCountAsync(1);
        await helen.LookAsync(new Uri(page.Url).PathAndQuery, "recording-earlier-links");
        await helen.LookAsync("/links", "links-to-one");
        await page.GetByRole(AriaRole.Link, new() { Name = "Stop all links to Tomasz Wilk…" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Stop all 3 links to Tomasz Wilk?");
        await helen.LookAsync(new Uri(page.Url).PathAndQuery, "links-stop-one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop all 3 links" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("3 links are stopped.");
        await Assertions.Expect(page.Locator("#links tr", new() { HasText = "Tomasz Wilk" })).ToHaveCountAsync(0);
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task A_link_is_stopped_from_the_list_after_a_question()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await Story.ShareAsync(page, recording, "Mira Sand");
        await page.GotoAsync("/links");
        var stop = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Stop Mira Sand’s link") });

        await stop.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Assertions.Expect(stop).ToBeVisibleAsync();
        await stop.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop the link" }).ClickAsync();

        await Assertions.Expect(stop).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#links")).ToBeFocusedAsync();
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task The_log_is_filtered_by_its_address_and_what_is_left_is_taken_along()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await Story.ShareAsync(page, recording, "=Claire \"the\" Dubois");
        await helen.LookAsync("/audit", "log");

        await page.Locator("#about").SelectOptionAsync("links");
        await page.Locator("#days").SelectOptionAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.ArriveAsync("**/audit?about=links&days=7");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await page.ArriveAsync("**/audit?who=people&about=links&days=7");
        await Assertions.Expect(page.Locator("#timeline")).ToContainTextAsync("made a link for =Claire");
        await Assertions.Expect(page.Locator("#timeline")).Not.ToContainTextAsync("signed in");
        await helen.ShouldBeAccessibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Export log" }).ClickAsync();
        await helen.LookAsync(new Uri(page.Url).PathAndQuery, "log-export");
        var table = await DownloadAsync(page);
        Assert.EndsWith(".csv", table.Name, StringComparison.Ordinal);
        Assert.Contains("\"'=Claire \"\"the\"\" Dubois\"", table.Text, StringComparison.Ordinal);
        await page.GetByText("Lines of JSON").ClickAsync();
        var lines = await DownloadAsync(page);
        Assert.EndsWith(".jsonl", lines.Name, StringComparison.Ordinal);
        var events = lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(events, line => line.GetProperty("details").TryGetProperty("recipient", out var recipient) && recipient.GetString() == "=Claire \"the\" Dubois");
        Assert.All(events, line => Assert.StartsWith("share.", line.GetProperty("type").GetString(), StringComparison.Ordinal));

        await page.GotoAsync("/audit?about=organisation");
        await Assertions.Expect(page.Locator("#timeline")).ToContainTextAsync("took this log along, as a file");
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task Days_of_ones_own_are_meant_in_the_readers_zone()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/audit");
        var today = await page.EvaluateAsync<string>("new Date().toLocaleDateString('sv-SE')");

        await page.Locator("#days").SelectOptionAsync("own");
        await page.Locator("#from").FillAsync(today);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.ArriveAsync($"**/audit?days=own&from={today}&zone=*");

        await Assertions.Expect(page.Locator("#timeline")).ToContainTextAsync("signed in");
        await Assertions.Expect(page.Locator("#from")).ToHaveValueAsync(today);
        helen.ShouldBeQuiet();
    }

    private static async Task<(string Name, string Text)> DownloadAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Export the log" }).ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync(), Ct));
    }
}
