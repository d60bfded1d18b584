using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The upload page as people use it: folders, many files, pauses and closed lids.</summary>
[Trait("Needs", "Browser")]
public sealed class UploadPageTests(Browser browser, MeetingFiles meetings)
{
    private const int Slow = 4_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_folder_of_Zoom_becomes_one_recording_and_what_is_left_out_is_said()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var folder = await ZoomFolderAsync(Path.Combine(server.TemporaryFolder, "2026-11-20 09.00.12 Weekly sync"));

        await page.GotoAsync("/upload");
        await DropAsync(page, folder);

        var row = page.Locator("#rows > li");
        await Assertions.Expect(row.Locator("[data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 60_000 });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row.Locator("[data-name]")).ToHaveTextAsync("Weekly sync");
        await Assertions.Expect(row.Locator("[data-files] li")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#left-out")).ToContainTextAsync("still writing");
        await LookAsync(helen, "upload-zoom");
        var recording = Assert.Single(await RecordingsAsync(server));
        Assert.Equal(["chat", "original", "original"], RolesOf(recording));
        Assert.Equal("Weekly sync", recording.GetProperty("title").GetString());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 0, 12, TimeSpan.Zero), recording.GetProperty("recordedAt").GetDateTimeOffset());
        await RequireNothingKeptAsync(page, "Weekly", "video1234567890", "chat.txt");

        // What comes later needs no film beside it.
        var captions = Path.Combine(server.TemporaryFolder, "later.vtt");
        await File.WriteAllTextAsync(captions, "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning\n", Ct);
        await page.GotoAsync($"/upload?into={recording.GetProperty("id").GetString()}");
        await page.SetInputFilesAsync("#files", captions);
        await Assertions.Expect(row.Locator("[data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 60_000 });
        Assert.Equal(["captions", "chat", "original", "original"], RolesOf(Assert.Single(await RecordingsAsync(server))));
    }

    [Fact]
    public async Task One_file_of_a_set_that_is_nothing_does_not_cost_the_others()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var folder = await ZoomFolderAsync(Path.Combine(server.TemporaryFolder, "2026-11-20 09.00.12 Weekly sync"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "chat.txt"), [0, 1, 2, 3], Ct);

        await page.GotoAsync("/upload");
        await DropAsync(page, folder);

        var row = page.Locator("#rows > li");
        await Assertions.Expect(row.Locator("[data-state]")).ToContainTextAsync("Not everything was taken", new() { Timeout = 60_000 });
        await Assertions.Expect(row.Locator("[data-files] .refused")).ToContainTextAsync("chat.txt");
        await Assertions.Expect(row.Locator("[data-files] .safe")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_page_that_was_closed_in_the_middle_goes_on_with_the_same_file_and_refuses_another()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var line = new SendingLine(server.Address, Slow);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var (path, digest) = await MeetingFiles.NoiseAsync(server.TemporaryFolder, "offsite.mp4", 30_000_000, Ct);
        page.Dialog += (_, leaving) => _ = leaving.AcceptAsync();

        await page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await page.SetInputFilesAsync("#files", path);
        var row = page.Locator("#rows > li");
        await page.WaitForFunctionAsync("() => document.querySelector('#rows progress')?.value >= 25", null, new() { Timeout = 60_000 });
        await row.Locator("[data-do=pause]").ClickAsync();
        await Assertions.Expect(row.Locator("[data-state]")).ToContainTextAsync("Paused.");
        await helen.ShouldBeAccessibleAsync();
        await row.Locator("[data-do=go]").ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#rows progress')?.value >= 50", null, new() { Timeout = 60_000 });
        await page.GotoAsync("/upload");

        var stopped = page.Locator("[data-unfinished]");
        await Assertions.Expect(stopped).ToContainTextAsync("“offsite.mp4” stopped at");
        await LookAsync(helen, "upload-unfinished");
        await page.SetInputFilesAsync("#same-file", (await MeetingFiles.NoiseAsync(server.TemporaryFolder, "other.mp4", 1_000_000, Ct)).Path);
        await stopped.Locator("[data-pick]").EvaluateAsync("button => button.click()");
        await page.SetInputFilesAsync("#same-file", (await MeetingFiles.NoiseAsync(server.TemporaryFolder, "another.mp4", 1_000_000, Ct)).Path);
        await Assertions.Expect(stopped.Locator("[data-note]")).ToContainTextAsync("another file");
        await stopped.Locator("[data-pick]").EvaluateAsync("button => button.click()");
        await page.SetInputFilesAsync("#same-file", path);

        await Assertions.Expect(row.Locator("[data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 60_000 });
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        var recording = (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct)).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid();
        await using var content = await server.Client.GetStreamAsync(new Uri($"/api/v1/recordings/{recording}/download", UriKind.Relative), Ct);
        Assert.Equal(digest, await SHA256.HashDataAsync(content, Ct));
        await RequireNothingKeptAsync(page, "offsite");
    }

    [Fact]
    public async Task A_file_that_is_chosen_twice_has_one_row()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var line = new SendingLine(server.Address, Slow);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var (path, _) = await MeetingFiles.NoiseAsync(server.TemporaryFolder, "offsite.mp4", 20_000_000, Ct);

        await page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await page.SetInputFilesAsync("#files", path);
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(1);
        await page.SetInputFilesAsync("#files", path);

        await Assertions.Expect(page.Locator(".toast")).ToHaveTextAsync("“offsite” is here already.");
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#rows [data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 30_000 });
        Assert.Single(await RecordingsAsync(server));
    }

    [Fact]
    public async Task A_dropped_folder_of_BigBlueButton_becomes_one_recording()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var folder = Path.Combine(server.TemporaryFolder, "0e9770ee13188deca3cd34f598eb93650a2f97c3-1763628000000");
        Directory.CreateDirectory(Path.Combine(folder, "video"));
        File.Copy(await meetings.ShortAsync(Ct), Path.Combine(folder, "video", "webcams.mp4"));
        File.Copy(await meetings.ShortAsync(Ct), Path.Combine(folder, "video-0.m4v"));
        await File.WriteAllTextAsync(Path.Combine(folder, "caption_en.vtt"), "WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning.\n", Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "metadata.xml"), "<recording/>", Ct);

        await page.GotoAsync("/upload");
        await DropAsync(page, folder);

        await Assertions.Expect(page.Locator("#rows [data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#left-out")).ToContainTextAsync("metadata.xml");
        var recording = Assert.Single(await RecordingsAsync(server));
        Assert.Equal("BigBlueButton meeting, 20 November 2025 09:40", recording.GetProperty("title").GetString());
        Assert.Equal(["captions", "original", "original"], RolesOf(recording));
    }

    [Fact]
    public async Task A_set_whose_page_was_closed_between_two_files_goes_on_as_one_recording_with_each_file_once()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        page.Dialog += (_, leaving) => _ = leaving.AcceptAsync();
        var folder = await ZoomFolderAsync(Path.Combine(server.TemporaryFolder, "2026-11-20 09.00.12 Weekly sync"));
        // The first file comes through whole, and nothing after it.
        var parts = 0;
        await page.RouteAsync("**/api/v1/uploads/*", route => route.Request.Method == "PATCH" && Interlocked.Increment(ref parts) > 1 ? route.AbortAsync() : route.ContinueAsync());
        await page.GotoAsync("/upload");
        var (begun, asked) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        page.Response += (_, answer) =>
        {
            if (answer is { Status: 201, Request.Method: "POST" } && answer.Url.EndsWith("/uploads", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 3)
                begun.SetResult();
        };
        await DropAsync(page, folder);
        await Assertions.Expect(page.Locator("#rows [data-files] .safe")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);
        // The route stays over the leaving: a page tries again by itself, and a moment without one would let a file through.
        await page.GotoAsync("/upload");

        var stopped = page.Locator("[data-unfinished]");
        await Assertions.Expect(stopped).ToHaveCountAsync(2);
        await page.UnrouteAllAsync();
        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        page.Request += (_, request) =>
        {
            if (request.Method is "POST" or "PATCH" && request.Url.Contains("/uploads", StringComparison.Ordinal) && !request.Url.EndsWith("/plan", StringComparison.Ordinal))
                sent.Enqueue(request.Method);
        };
        var chat = stopped.Filter(new() { HasText = "chat.txt" });
        await Assertions.Expect(chat).ToContainTextAsync("of “Weekly sync”");
        await LookAsync(helen, "upload-unfinished-set");
        await chat.Locator("[data-pick]").EvaluateAsync("button => button.click()");
        await page.SetInputFilesAsync("#same-file", Path.Combine(folder, "chat.txt"));
        await Assertions.Expect(page.Locator("#rows [data-state]")).ToContainTextAsync("Safe since", new() { Timeout = 20_000 });
        await DropAsync(page, folder);
        await Assertions.Expect(stopped).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#rows > li [data-state]").Filter(new() { HasText = "Safe since" })).ToHaveCountAsync(2, new() { Timeout = 20_000 });

        Assert.Equal(["PATCH", "PATCH"], sent);
        Assert.Equal(["chat", "original", "original"], RolesOf(Assert.Single(await RecordingsAsync(server))));
    }

    private static async Task<IReadOnlyList<JsonElement>> RecordingsAsync(ServerProcess server)
    {
        server.Client.DefaultRequestHeaders.Authorization ??= new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        return [.. (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct)).GetProperty("items").EnumerateArray()];
    }

    /// <summary>Roles of what was sent; what processing makes of it comes when it comes.</summary>
    private static IEnumerable<string?> RolesOf(JsonElement recording) =>
        recording.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString())
            .Where(role => role is not ("poster" or "thumbnails" or "waveform" or "rendition")).Order(StringComparer.Ordinal);

    private async Task<string> ZoomFolderAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(await meetings.ShortAsync(Ct), Path.Combine(folder, "video1234567890.mp4"));
        File.Copy(await meetings.SoundAsync(Ct), Path.Combine(folder, "audio1234567890.m4a"));
        await File.WriteAllTextAsync(Path.Combine(folder, "chat.txt"), "09:01:02 From Ana Smith to Everyone: good morning\n", Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "video1.mp4.tmp"), "half", Ct);
        return folder;
    }

    private static async Task DropAsync(IPage page, params string[] paths)
    {
        var box = (await page.Locator("#drop").BoundingBoxAsync())!;
        var devtools = await page.Context.NewCDPSessionAsync(page);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await devtools.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["x"] = box.X + (box.Width / 2),
                ["y"] = box.Y + (box.Height / 2),
                ["data"] = new Dictionary<string, object> { ["items"] = Array.Empty<object>(), ["files"] = paths, ["dragOperationsMask"] = 1 },
            });
        }
    }

    private static async Task LookAsync(VisitorPage visitor, string name)
    {
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.SetViewportSizeAsync(width, height);
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                // A change of theme under way has colours of its own.
                await visitor.Page.WaitForTimeoutAsync(500);
                await visitor.ShouldBeAccessibleAsync();
                await visitor.PictureAsync($"{name}-{width}-{theme}".ToLowerInvariant());
            }
        }

        await visitor.Page.SetViewportSizeAsync(1440, 900);
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
    }

    /// <summary>security.md 11: no name and no content of a file stays in the browser.</summary>
    private static async Task RequireNothingKeptAsync(IPage page, params string[] words)
    {
        var kept = await page.EvaluateAsync<string>(
            """
            async () => {
              const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), JSON.stringify(await caches.keys())];
              for (const { name, version } of await indexedDB.databases()) {
                const database = await new Promise(done => { const asked = indexedDB.open(name, version); asked.onsuccess = () => done(asked.result); });
                for (const store of database.objectStoreNames) {
                  const entries = database.transaction(store).objectStore(store);
                  for (const asked of [entries.getAllKeys(), entries.getAll()]) all.push(JSON.stringify(await new Promise(done => { asked.onsuccess = () => done(asked.result); })));
                }
                database.close();
              }
              return all.join('\n');
            }
            """);
        Assert.All(words, word => Assert.DoesNotContain(word, kept, StringComparison.OrdinalIgnoreCase));
    }
}
