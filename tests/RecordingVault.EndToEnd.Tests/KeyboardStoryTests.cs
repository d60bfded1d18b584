using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The main job without a mouse, from the door to who watched: what Tab does not reach can't be used.</summary>
[Trait("Needs", "Browser")]
public sealed class KeyboardStoryTests(Browser browser, MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_uploads_shares_copies_and_sees_who_watched_by_keyboard_alone()
    {
        await using var helen = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        var page = helen.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        // The newer picker of files is the system's own and can't be answered by a test; without it the page opens the older one.
        await page.AddInitScriptAsync("Object.defineProperty(globalThis, 'showOpenFilePicker', { value: undefined })");
        await page.GotoAsync("/signin");
        await page.TypeAsync(page.Locator("#email"), Story.Mail);
        await page.TypeAsync(page.Locator("#password"), Story.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/");

        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Upload" }).First);
        await page.ArriveAsync("**/upload");
        var chooser = await page.ChooseAsync(page.Locator("#choose"));
        await chooser.SetFilesAsync(await meetings.ShortAsync(Ct));
        await Assertions.Expect(page.Locator("#rows [data-state]").First).ToContainTextAsync("Safe since", new() { Timeout = 60_000 });
        // It opens beside the page that sends.
        page = await page.RunAndWaitForPopupAsync(() => page.PressAsync(page.Locator("#rows .row-link").First));

        var recording = new Uri(page.Url).AbsolutePath;

        var (url, passcode) = await ShareAsync(page);
        await WatchAsync(url, passcode);

        await page.PressAsync(page.Locator("a.crumb").First);
        await page.ArriveAsync("**/");
        // The vault of this class holds another test's recording too, and either may come first.
        await page.PressAsync(page.Locator($".tile a[href='{recording}'], .tile-title a[href='{recording}']").First);
        await Assertions.Expect(page.Locator("#links")).ToContainTextAsync("Claire Dubois watched");
        helen.ShouldBeQuiet();
    }

    /// <returns>What was copied, as another program pastes it, and the passcode.</returns>
    private static async Task<(string Url, string Passcode)> ShareAsync(IPage page)
    {
        var dialog = page.Locator("#share-dialog");
        if (!await dialog.IsVisibleAsync())
            await page.PressAsync(page.Locator("[data-open='share-dialog']").First);
        await Assertions.Expect(dialog.Locator("#recipientName")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Claire Dubois");
        await page.PressAsync(dialog.Locator("[data-make]"));
        await Assertions.Expect(dialog.Locator("[data-made-sentence]")).ToBeFocusedAsync();
        await page.PressAsync(dialog.Locator("[data-copy='made-link']"));
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("Link copied.");
        var copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Equal(await dialog.Locator("#made-link").InputValueAsync(), copied);
        var passcode = await dialog.Locator("#made-passcode").InputValueAsync();
        await page.PressAsync(dialog.Locator("[data-made] [data-close]"));
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        return (copied, passcode);
    }

    private async Task WatchAsync(string url, string passcode)
    {
        await using var claire = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Dark);
        var page = claire.Page;
        await page.GotoAsync(url);
        await page.PressAsync(page.Locator("#open"));
        await page.TypeAsync(page.Locator("#passcode-field"), passcode);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#viewer");
        if (await Story.NeedsPlayAsync(page))
            await page.PressAsync(page.Locator("[data-do='play']").First);
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime >= 2", null, new() { Timeout = 60_000 });
        var reported = page.WaitForResponseAsync(answer => answer.Url.EndsWith("/played", StringComparison.Ordinal), new() { Timeout = 60_000 });
        await page.Keyboard.PressAsync("k");
        Assert.Equal(204, (await reported).Status);
        claire.ShouldBeQuiet("/open");
    }

    [Fact]
    public async Task A_slash_leads_to_the_search_and_is_a_letter_like_any_in_a_field()
    {
        using var made = new HttpRequestMessage(HttpMethod.Post, "/api/v1/recordings") { Content = JsonContent.Create(new { title = "Kick-off" }) };
        made.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await vault.Server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        (await vault.Server.Client.SendAsync(made, Ct)).EnsureSuccessStatusCode();
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var search = page.Locator("#search-words");

        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(search).ToBeFocusedAsync();
        await Assertions.Expect(search).ToHaveValueAsync("");
        await page.Keyboard.TypeAsync("and/or");
        await Assertions.Expect(search).ToHaveValueAsync("and/or");

        await page.Locator("main h1").First.ClickAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#keys")).ToContainTextAsync("In the library: search");
        await page.Locator("#single-keys").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(search).Not.ToBeFocusedAsync();
        helen.ShouldBeQuiet();
    }
}
