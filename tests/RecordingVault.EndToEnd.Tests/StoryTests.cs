using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The main job, from the set-up link to the log: upload after the call, send a link that ends, see who watched.</summary>
[Trait("Needs", "Browser")]
public sealed class StoryTests(Browser browser, MeetingFiles meetings)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newcomer_uploads_shares_and_sees_who_watched()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await TellAsync(server);
    }

    [Fact]
    public async Task The_same_on_an_S3_store()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await ServerProcess.StartAsync(store.Settings, Ct);
        await TellAsync(server);
    }

    private async Task TellAsync(ServerProcess server)
    {
        var story = new Story(browser, server);

        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        await helen.LookAsync("/", "library-empty");
        var recording = await Story.UploadAsync(helen.Page, await meetings.ShortAsync(Ct));
        await helen.PictureAsync("upload-done");
        await helen.LookAsync($"/recordings/{recording}", "recording");
        var (url, passcode) = await Story.ShareAsync(helen.Page, recording, "Claire Dubois");
        await helen.PictureAsync("share-made");

        Assert.Contains("#", url, StringComparison.Ordinal);
        await using (var stranger = await browser.VisitAsync(server.Address, Screen.Phone, ColorScheme.Light))
        {
            await stranger.Page.GotoAsync(url);
            var gate = await stranger.Page.ContentAsync();
            Assert.DoesNotContain("Claire", gate, StringComparison.Ordinal);
            Assert.DoesNotContain("Helen", gate, StringComparison.Ordinal);
            await stranger.ShouldBeAccessibleAsync();
            await stranger.PictureAsync("gate");
        }

        await using (var claire = await story.OpenLinkAsync(url, passcode, Screen.Desktop, ColorScheme.Dark))
        {
            Assert.DoesNotContain("#", claire.Page.Url, StringComparison.Ordinal);
            await claire.ShouldBeAccessibleAsync();
            await claire.PictureAsync("viewer");
            await Story.PlayAsync(claire.Page, untilSeconds: 3);
            // The first report said that it began; this one says how much was played.
            var reported = claire.Page.WaitForResponseAsync(answer => answer.Url.EndsWith("/played", StringComparison.Ordinal), new() { Timeout = 60_000 });
            await claire.Page.EvaluateAsync("document.querySelector('video').pause()");
            Assert.Equal(204, (await reported).Status);
            // The first press on Open answers that a passcode is asked for.
            claire.ShouldBeQuiet(refusedPath: "/open");
        }

        await helen.Page.GotoAsync($"/recordings/{recording}");
        await Assertions.Expect(helen.Page.Locator("#links")).ToContainTextAsync("Claire Dubois watched");
        await helen.LookAsync("/audit", "audit");
        await Assertions.Expect(helen.Page.Locator("main")).ToContainTextAsync("Claire Dubois");
        await helen.LookAsync("/", "library");
        await helen.LookAsync("/?view=list&sort=title", "library-list");
        await helen.LookAsync($"/recordings/{recording}/edit", "edit");
        await helen.Page.GotoAsync("/");
        await helen.Page.Locator(".pick input").First.CheckAsync(new() { Force = true });
        await Assertions.Expect(helen.Page.Locator(".bulk-bar")).ToContainTextAsync("1 recording:");
        await helen.ShouldBeAccessibleAsync();
        await helen.Page.GetByRole(AriaRole.Button, new() { Name = "Share with one person" }).ClickAsync();
        await Assertions.Expect(helen.Page.Locator("h1")).ToHaveTextAsync("Share with one person");
        await helen.ShouldBeAccessibleAsync();
        helen.ShouldBeQuiet();
        await LogTellsItAsync(server, recording);
    }

    private static async Task LogTellsItAsync(ServerProcess server, Guid recording)
    {
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct, role: "Owner"));
        var page = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/audit/events?limit=200", Ct);
        var events = page.GetProperty("items").EnumerateArray().ToList();
        var types = events.Select(line => line.GetProperty("type").GetString()).ToList();

        Assert.Subset(types.ToHashSet(), new HashSet<string?> { "tenant.created", "member.created", "upload.finished", "manifest.committed", "share.created", "share.opened", "content.released", "viewing.started" });
        var released = events.First(line => line.GetProperty("type").GetString() == "content.released" && line.GetProperty("actor").GetProperty("kind").GetString() == "share");
        Assert.True(released.GetProperty("decrypted").GetBoolean());
        Assert.Equal(recording, released.GetProperty("target").GetProperty("id").GetGuid());
        Assert.Equal("Claire Dubois", released.GetProperty("details").GetProperty("recipient").GetString());
        var numbers = events.Select(line => line.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(numbers.OrderDescending(), numbers);
        Assert.Equal(numbers.Count, numbers[0] - numbers[^1] + 1);
    }
}
