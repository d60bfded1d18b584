using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// Waits until a page stands at an address and has loaded. Playwright's own WaitForURLAsync looks whether it has, and only then listens for it: a page
/// that loads in between is waited for in vain.
/// </summary>
internal static class Arriving
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(30);

    /// <param name="glob">** is any characters, * any without a slash.</param>
    public static Task ArriveAsync(this IPage page, string glob)
    {
        var pattern = new Regex($"^{Regex.Escape(glob).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
        return page.ArriveAsync(pattern.IsMatch, glob);
    }

    public static async Task ArriveAsync(this IPage page, Func<string, bool> isThere, string wanted = "the address that was asked for")
    {
        using var limit = new CancellationTokenSource(s_most);
        while (!isThere(page.Url))
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"The page is still at {page.Url} and not at {wanted}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await page.WaitForFunctionAsync("() => document.readyState === 'complete'");
    }
}
