using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>The library of a tenant that has 100, 10,000 or 100,000 recordings: how long its first page takes, how a search, and what a first visit weighs.</summary>
internal static class LibrarySuite
{
    private const string Page = "page, ms", BySize = "page by size, ms", Listed = "50 by API, ms", FirstSearch = "first search, ms", Search = "search, ms", Weight = "first visit, kB", Shown = "first visit until loaded, ms";
    private const int Requests = 20;
    private const string NewPassword = "seven quiet lanterns by the lake";

    private static readonly int[] s_sizes = [100, 10_000, 20_000, 100_000];

    private sealed record Library(string Mode, VaultWithFilm Vault, HttpClient Asks, HttpClient Visits, string Password) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Asks.Dispose();
            Visits.Dispose();
            await Vault.DisposeAsync();
        }
    }

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        await using var chromium = await Chromium.StartAsync();
        var libraries = new List<Library>();
        try
        {
            foreach (var size in s_sizes)
                libraries.Add(await FillAsync(bench, chromium, size));
            await bench.SyncAsync();
            foreach (var library in libraries)
                measures.Add(library.Mode, FirstSearch, await SearchAsync(library, bench.Stopping));
            await bench.InterleaveAsync([.. libraries.Select(library => (library.Mode, (Func<Task>)(() => MeasureAsync(measures, library, chromium, bench.Stopping))))]);
        }
        finally
        {
            foreach (var library in libraries)
                await library.DisposeAsync();
        }

        string[] modes = [.. libraries.Select(library => library.Mode)];
        return new Report("library", measures)
            .Note("The first search of a tenant opens the words of its recordings and keeps them; it was made once.")
            .Table(modes, (Page, "0.0"), (BySize, "0.0"), (Listed, "0.0"), (FirstSearch, "0"), (Search, "0.0"), (Weight, "0"), (Shown, "0"))
            .AtMost("page with 10,000 / with 100", measures.Ratio(modes[1], modes[0], Page), null, null)
            .AtMost("page with 100,000 / with 100", measures.Ratio(modes[3], modes[0], Page), null, null)
            .AtMost("page by size with 100,000 / with 100", measures.Ratio(modes[3], modes[0], BySize), null, null)
            .AtMost("search of 20,000 / of 100", measures.Ratio(modes[2], modes[0], Search), null, null)
            .AtMost("kB of a first visit, 100,000 recordings", measures.Of(modes[3], Weight), 300, 200, "0");
    }

    private static async Task<Library> FillAsync(Bench bench, Chromium chromium, int size)
    {
        var mode = size.ToString("N0", CultureInfo.InvariantCulture);
        await Console.Error.WriteLineAsync($"making {mode} recordings");
        var vault = await VaultWithFilm.StartAsync(bench.Place($"library-{size}"), bench.Stopping, folder => HostedServers.SeedAsync(folder, size, bench.Stopping));
        var page = await chromium.VisitAsync();
        await SignInAsync(page, vault, vault.FirstPassword);
        await page.GetByLabel("Present password").FillAsync(vault.FirstPassword);
        await page.FillAsync("#newPassword", NewPassword);
        await page.PressAsync("#newPassword", "Enter");
        await page.WaitForURLAsync(address => !address.Contains("password", StringComparison.Ordinal));
        // The same session, asked without a browser.
        var visits = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = vault.Address };
        visits.DefaultRequestHeaders.Add("Cookie", string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}")));
        await vault.Server.SettleAsync(bench.Stopping);
        return new Library(mode, vault, vault.Client(), visits, NewPassword);
    }

    private static async Task MeasureAsync(Measures measures, Library library, Chromium chromium, CancellationToken cancellationToken)
    {
        measures.Add(library.Mode, Page, await MedianAsync(() => GetAsync(library.Visits, "/", "library", cancellationToken)));
        measures.Add(library.Mode, BySize, await MedianAsync(() => GetAsync(library.Visits, "/?sort=largest", "library", cancellationToken)));
        measures.Add(library.Mode, Listed, await MedianAsync(() => GetAsync(library.Asks, "/api/v1/recordings?limit=50", "items", cancellationToken)));
        measures.Add(library.Mode, Search, await MedianAsync(() => SearchAsync(library, cancellationToken)));

        var page = await chromium.VisitAsync();
        await SignInAsync(page, library.Vault, library.Password);
        // The page of signing in has fetched styles and scripts already: whoever comes with an address of the library fetches them now.
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("Network.enable");
        await browser.SendAsync("Network.setCacheDisabled", new Dictionary<string, object> { ["cacheDisabled"] = true });
        await page.GotoAsync(new Uri(library.Vault.Address, "/").ToString());
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await RequireFetchedAsync(page);
        // Media are left out: a picture belongs to the recording and not to the page.
        measures.Add(library.Mode, Weight, await page.EvaluateAsync<double>(
            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource').filter(e => e.initiatorType !== 'img')].reduce((sum, e) => sum + e.transferSize, 0) / 1000"));
        measures.Add(library.Mode, Shown, await page.EvaluateAsync<double>("() => { const e = performance.getEntriesByType('navigation')[0]; return e.loadEventEnd - e.requestStart; }"));
        await page.Context.DisposeAsync();
    }

    /// <exception cref="InvalidOperationException">Something came out of the browser's cache: then what was counted is not what a first visit weighs.</exception>
    private static async Task RequireFetchedAsync(IPage page)
    {
        var cached = await page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').filter(e => e.transferSize < e.encodedBodySize && e.initiatorType !== 'img').map(e => e.name)");
        if (cached.Length > 0)
            throw new InvalidOperationException($"Not fetched: {string.Join(", ", cached)}");
    }

    private static async Task SignInAsync(IPage page, VaultWithFilm vault, string password)
    {
        await page.GotoAsync(new Uri(vault.Address, "/signin").ToString());
        await page.FillAsync("[name=email]", VaultWithFilm.Member);
        await page.FillAsync("#password", password);
        await page.PressAsync("#password", "Enter");
        await page.WaitForURLAsync(address => !address.Contains("/signin", StringComparison.Ordinal));
    }

    private static async Task<double> MedianAsync(Func<Task<double>> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Requests; i++)
            times.Add(await ask());
        return Spread.Of(times).Median;
    }

    private static async Task<double> GetAsync(HttpClient client, string path, string expected, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await client.GetStringAsync(path, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return answer.Contains(expected, StringComparison.OrdinalIgnoreCase) ? took : throw new InvalidOperationException($"{path} answered something else.");
    }

    private static async Task<double> SearchAsync(Library library, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await library.Asks.PostAsJsonAsync("/api/v1/recordings/search", new { words = "quarterly lindqvist" }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        _ = await answer.Content.ReadAsStringAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
