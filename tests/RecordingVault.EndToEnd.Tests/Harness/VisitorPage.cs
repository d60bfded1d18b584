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
    /// <param name="refusedPath">End of an address whose refusal belongs to the story: the browser itself reports every 4xx on the console.</param>
    public void ShouldBeQuiet(string? refusedPath = null)
    {
        var unexpected = complaints.Where(complaint => refusedPath is null
            || !complaint.Contains("Failed to load resource", StringComparison.Ordinal) || !complaint.Contains(refusedPath, StringComparison.Ordinal)).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }

    /// <summary>Every rule of axe, none excepted; also that nothing scrolls sideways.</summary>
    public async Task ShouldBeAccessibleAsync()
    {
        var result = await Page.RunAxe();
        var violations = result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Target} {node.Html}")).ToList();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        var overhang = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overhang <= 0, $"The page is {overhang} px wider than the screen.");
    }

    /// <summary>Keeps a picture of the page in artifacts/screens, for people to look at; nothing is compared with it.</summary>
    public async Task PictureAsync(string name)
    {
        var path = Path.Combine(Checkout.Folder, "artifacts", "screens", name + ".png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
