using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(Browser))]

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>One Chromium for the whole run; every page gets a context of its own, as another person on another machine would have.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>The screens and themes on which every page has to stand.</summary>
    internal static readonly IReadOnlyList<(Screen Screen, ColorScheme Theme)> Screens =
    [
        (Screen.Desktop, ColorScheme.Light), (Screen.Desktop, ColorScheme.Dark), (Screen.Phone, ColorScheme.Light), (Screen.Phone, ColorScheme.Dark),
    ];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    ];

    private static string Program => Array.Find(Programs, File.Exists) ?? throw new InvalidOperationException("Chromium is missing; infra/test.sh installs it.");

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = Arguments,
        });
    }

    /// <summary>Opens an empty page of a new visitor.</summary>
    internal async Task<VisitorPage> VisitAsync(Uri server, Screen screen, ColorScheme theme)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = server.ToString(),
            ViewportSize = screen == Screen.Phone ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 },
            IsMobile = screen == Screen.Phone,
            HasTouch = screen == Screen.Phone,
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        return await VisitorPage.OpenAsync(context, server);
    }

    /// <summary>A visitor whose browser keeps what it keeps in a folder, as people's own do; written down when he is disposed.</summary>
    internal async Task<VisitorPage> VisitAsync(Uri server, string profileFolder) => await VisitorPage.OpenAsync(
        await playwright!.Chromium.LaunchPersistentContextAsync(profileFolder, new()
        {
            ExecutablePath = Program,
            Args = Arguments,
            BaseURL = server.ToString(),
            ViewportSize = new() { Width = 1440, Height = 900 },
            Locale = "en-GB",
        }),
        server);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}

internal enum Screen
{
    Desktop,
    Phone,
}
