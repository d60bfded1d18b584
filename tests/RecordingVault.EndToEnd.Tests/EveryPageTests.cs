using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Every main page, of members and of guests, on one server: what must hold wherever one is.</summary>
[Trait("Needs", "Browser")]
public sealed class EveryPageTests(Browser browser, MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static readonly string[] s_members =
    [
        "/", "/?view=list&sort=title", "/search", "/upload", "/links", "/links/stop", "/exports", "/exports/everything", "/trash", "/retention", "/retention/calendar", "/retention/schedules", "/retention/schedules/new", "/matters", "/certificates", "/audit", "/audit/export", "/settings/profile", "/settings/address", "/settings/security",
        "/settings/organisation", "/settings/organisation/use", "/settings/members", "/settings/tokens", "/password", "/signin/again",
    ];

    /// <summary>SettingsPagesTests and ExportPagesTests look at these in every dress.</summary>
    private static readonly string[] s_seenByNight =
    [
        "/exports", "/exports/everything", "/settings/profile", "/settings/address", "/settings/security", "/settings/organisation", "/settings/members", "/settings/tokens", "/password", "/signin/again",
        "/signin", "/forgotten", "/reset", "/address", "/removal", "/join", "/setup",
    ];

    private static readonly string[] s_doors = ["/signin", "/forgotten", "/reset", "/address", "/address/return", "/removal", "/join", "/setup", "/nowhere"];

    /// <summary>What a first load may weigh without media.</summary>
    private const int MostBytes = 300_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stands_at_320_pixels_and_with_letters_twice_as_large_breaks_no_rule_of_axe_and_no_policy_asks_no_other_host_and_is_light()
    {
        var wrong = new List<string>();
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.TalkAsync(Ct));
        var other = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        // A name that does not break by itself.
        var (url, passcode) = await Story.ShareAsync(page, recording, "Wilhelmina Featherstonehaugh-Cholmondeley");
        await SeeAsync(helen, "share-made");

        await using var claire = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        foreach (var path in s_doors)
            await LookAsync(claire, path);
        await claire.Page.GotoAsync(url);
        await SeeAsync(claire, "gate");
        await claire.Page.ClickAsync("#open");
        await claire.Page.Locator("#passcode-field").WaitForAsync();
        await SeeAsync(claire, "gate-passcode");
        await claire.Page.FillAsync("#passcode-field", passcode);
        await claire.Page.PressAsync("#passcode-field", "Enter");
        await claire.Page.WaitForSelectorAsync("#viewer");
        await SeeAsync(claire, "viewer");
        await Story.PlayAsync(claire.Page, untilSeconds: 1);
        await SeeAsync(claire, "viewer-playing");

        foreach (var path in s_members.Concat([$"/recordings/{recording}", $"/recordings/{recording}/edit", $"/recordings/{recording}/share", $"/recordings/{recording}/export", $"/recordings/{recording}/files", $"/recordings/{recording}/use", $"/recordings/{recording}/merge?with={other}", $"/links/stop?recording={recording}", new Uri(url).AbsolutePath.Replace("/s/", "/shares/", StringComparison.Ordinal)]))
            await LookAsync(helen, path);
        await page.GotoAsync("/settings/organisation/use");
        await LookAsync(claire, (await page.Locator("a[href$='/data-use']").First.GetAttributeAsync("href"))!);
        await page.GotoAsync($"/recordings/{recording}");
        await page.ClickAsync("[data-open='share-dialog']");
        await SeeAsync(helen, "share-dialog");
        await page.GotoAsync($"/recordings/{recording}");
        foreach (var proof in await page.Locator("#seals summary").AllAsync())
            await proof.ClickAsync();
        await SeeAsync(helen, "recording-proofs");

        // A search is posted, and what it found stands on a page of its own.
        await page.GotoAsync("/");
        await page.FillAsync("#search-words", "nothing-has-this-word");
        await page.PressAsync("#search-words", "Enter");
        await page.ArriveAsync("**/search");
        await SeeAsync(helen, "search-nothing");

        await page.GotoAsync("/links/stop");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Stop ") }).ClickAsync();
        await using var late = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        await late.Page.GotoAsync(url);
        await late.Page.ClickAsync("#open");
        await Assertions.Expect(late.Page.Locator("h1")).ToContainTextAsync("This link was stopped");
        await SeeAsync(late, "gate-stopped");
        await claire.Page.GotoAsync(new Uri(url).AbsolutePath);
        await Assertions.Expect(claire.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("This link has ended"));
        await SeeAsync(claire, "ended");

        await page.GotoAsync($"/recordings/{recording}");
        await page.Locator("form[data-trash] button").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Move to the trash" }).Last.ClickAsync();
        await page.ArriveAsync(address => !address.Contains($"/recordings/{recording}", StringComparison.Ordinal));
        foreach (var path in (string[])["/trash", $"/recordings/{recording}", "/trash/empty"])
            await LookAsync(helen, path);

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        helen.ShouldBeQuiet();
        // What is refused in the story: a first press on Open asks for the passcode, an address leads nowhere, a link is over.
        claire.ShouldBeQuiet("/open", "/nowhere", new Uri(url).AbsolutePath);
        late.ShouldBeQuiet("/open");

        async Task SeeAsync(VisitorPage visitor, string name, bool isSeenByNight = false)
        {
            wrong.AddRange((await visitor.ViolationsAsync()).Select(line => $"{name}: {line}"));
            wrong.AddRange(await PageFit.LookAsync(visitor.Page, name));
            if (isSeenByNight)
                return;
            // Other colours, and another order of the page.
            await visitor.Page.SetViewportSizeAsync(390, 844);
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
            await UntilStillAsync(visitor.Page);
            wrong.AddRange((await visitor.ViolationsAsync()).Select(line => $"{name}, on a phone by night: {line}"));
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.NoPreference });
            await visitor.Page.SetViewportSizeAsync(1440, 900);
            await UntilStillAsync(visitor.Page);
        }

        async Task LookAsync(VisitorPage visitor, string path)
        {
            await visitor.Page.GotoAsync(path);
            if (await visitor.WeightAsync() is > MostBytes and var weight)
                wrong.Add($"{path} weighs {weight:N0} bytes without media.");
            await SeeAsync(visitor, path.Split('?')[0].Trim('/').Replace(recording.ToString(), "id", StringComparison.Ordinal).Replace('/', '-') is { Length: > 0 } name ? name : "library", s_seenByNight.Contains(path));
        }
    }

    /// <summary>A change of colours that is under way has colours of its own.</summary>
    private static async Task UntilStillAsync(IPage page) => await page.EvaluateAsync("""
        async () => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          await Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished));
        }
        """);

    /// <summary>The eyes of the test above see: else it would pass on anything.</summary>
    [Fact]
    public async Task What_breaks_the_policy_asks_another_host_or_does_not_fit_is_seen()
    {
        await using var visitor = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        var page = visitor.Page;
        await page.GotoAsync("/signin");
        Assert.Empty(await PageFit.LookAsync(page, "signin"));
        visitor.ShouldBeQuiet();

        await page.EvaluateAsync("""
            () => {
              const main = document.querySelector('main');
              for (const [words, style] of [['Too wide a line of words', { width: '2000px' }], ['Cut', { width: '12px', overflow: 'hidden', whiteSpace: 'nowrap' }], ['One', { height: '0' }], ['Two', { height: '0' }]]) {
                const part = document.createElement('p');
                part.textContent = words;
                Object.assign(part.style, style);
                main.append(part);
              }
              main.insertAdjacentHTML('beforeend', '<p>Nobody has agreed yet.<a href="/nowhere">Ask</a></p>');
              const picture = document.createElement('img');
              picture.src = 'http://elsewhere.example/x.png';
              document.body.append(picture);
            }
            """);
        var wrong = string.Join('\n', await PageFit.LookAsync(page, "signin-spoilt"));
        await page.WaitForTimeoutAsync(200);

        Assert.Contains("wider than the screen", wrong, StringComparison.Ordinal);
        Assert.Contains("cut off", wrong, StringComparison.Ordinal);
        Assert.Contains("on each other", wrong, StringComparison.Ordinal);
        Assert.Contains("stands against the words beside it: <a> “Ask”", wrong, StringComparison.Ordinal);
        Assert.Contains("CSP violation: img-src", Assert.ThrowsAny<Exception>(() => visitor.ShouldBeQuiet()).Message, StringComparison.Ordinal);
    }
}
