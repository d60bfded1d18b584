using Microsoft.Playwright;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>The distribution's Chromium, without a screen. Each page is a new visitor's: nothing is in its caches.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] s_programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var started = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Array.Find(s_programs, File.Exists) ?? throw new InvalidOperationException("Chromium is missing; infra/bench.sh installs it."),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
        });
        return new Chromium(driver, started);
    }

    public async Task<IPage> VisitAsync()
    {
        var context = await browser.NewContextAsync(new() { Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
