using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>A page that keeps account of what must not happen on it: console errors, CSP violations, exceptions, requests to anybody else.</summary>
internal sealed class VisitorPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private VisitorPage(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    public static async Task<VisitorPage> OpenAsync(IBrowserContext context, Uri server)
    {
        var visitor = new VisitorPage(context, await context.NewPageAsync());
        await visitor.Page.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error('CSP violation: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))");
        visitor.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                visitor.complaints.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        visitor.Page.PageError += (_, error) => visitor.complaints.Enqueue($"exception: {error}");
        visitor.Page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is "http" or "https" && address.Authority != server.Authority)
                visitor.complaints.Enqueue($"request to another host (P10): {request.Url}");
        };
        return visitor;
    }

    /// <summary>Fails with everything that the page complained of since it was opened.</summary>
    /// <param name="refusedPath">Ends of addresses whose refusal belongs to the story: the browser itself reports every 4xx on the console.</param>
    public void ShouldBeQuiet(params string[] refusedPath)
    {
        var unexpected = complaints.Where(complaint =>
            !complaint.Contains("Failed to load resource", StringComparison.Ordinal) || !Array.Exists(refusedPath, path => complaint.Contains(path, StringComparison.Ordinal))).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }

    /// <summary>Every rule of axe, none excepted; also that nothing scrolls sideways.</summary>
    public async Task ShouldBeAccessibleAsync()
    {
        // A colour on its way to another one is neither of the two.
        await Page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().filter(change => change.effect?.getComputedTiming().endTime !== Infinity).map(change => change.finished))");
        var violations = await ViolationsAsync();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        var overhang = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overhang <= 0, $"The page is {overhang} px wider than the screen.");
    }

    /// <summary>What every rule of axe says of the page as it stands.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync() =>
        [.. (await Page.RunAxe()).Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Target} {node.Html}"))];

    /// <summary>Bytes on the wire of the page and all it needs but media, whether they came now or lay in the browser's cache.</summary>
    public Task<int> WeightAsync() => Page.EvaluateAsync<int>("""
        () => performance.getEntries()
          .filter(entry => entry.entryType === 'navigation' || entry.entryType === 'resource')
          .filter(entry => !/\/(content|download|poster|thumbnails|waveform|captions)(\/|\?|$)/.test(entry.name))
          .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
        """);

    /// <summary>Opens an address on the desk and on the phone, by day and by night: accessible each time, and pictured.</summary>
    public async Task LookAsync(string path, string name)
    {
        foreach (var (width, height, size) in new[] { (1440, 900, "1440"), (390, 844, "390") })
        {
            await Page.SetViewportSizeAsync(width, height);
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                // Opened anew in each dress, as a person has it: a change under way has colours of its own.
                await Page.GotoAsync(path);
                await ShouldBeAccessibleAsync();
                await PictureAsync($"{name}-{size}-{theme}".ToLowerInvariant());
            }
        }

        await Page.SetViewportSizeAsync(1440, 900);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
    }

    /// <summary>Keeps a picture of the page in artifacts/screens, for people to look at; nothing is compared with it.</summary>
    public async Task PictureAsync(string name)
    {
        var path = Path.Combine(Checkout.Folder, "artifacts", "screens", name + ".png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
