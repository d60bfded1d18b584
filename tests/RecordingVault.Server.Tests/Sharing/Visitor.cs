using System.Net.Http.Json;
using System.Text.RegularExpressions;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>A browser without an account: it loads a link's page, keeps its cookies, and posts what the page posts.</summary>
internal sealed partial class Visitor(TestVault vault)
{
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
    private string formToken = "";

    /// <summary>Where the browser seems to stand, as the vault's proxy tells it: each has an address of its own, so that one test's wrong tries don't slow another.</summary>
    public string Address { get; init; } = $"127.{Random.Shared.Next(1, 256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}";

    /// <summary>The cookie of an opened link, or null.</summary>
    public string? ShareCookie => cookies.GetValueOrDefault("__Secure-rvs");

    public static async Task<Visitor> AtAsync(TestVault vault, Guid shareId, CancellationToken cancellationToken)
    {
        var visitor = new Visitor(vault);
        await visitor.LoadAsync(shareId, cancellationToken);
        return visitor;
    }

    public async Task<HttpResponseMessage> LoadAsync(Guid shareId, CancellationToken cancellationToken)
    {
        var page = await SendAsync(HttpMethod.Get, $"/s/{shareId}", null, cancellationToken, ("Accept", "text/html"));
        formToken = FormToken().Match(await page.Content.ReadAsStringAsync(cancellationToken)).Groups["token"].Value;
        return page;
    }

    public Task<HttpResponseMessage> OpenAsync(SharedLink link, CancellationToken cancellationToken, string? passcode = null) =>
        OpenAsync(link.Id, link.Secret, cancellationToken, passcode);

    public Task<HttpResponseMessage> OpenAsync(Guid shareId, string secret, CancellationToken cancellationToken, string? passcode = null) =>
        SendAsync(HttpMethod.Post, $"/s/{shareId}/open", JsonContent.Create(new { secret, passcode }), cancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken, headers);

    public Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), cancellationToken);

    public void Keep(string name, string value) => cookies[name] = value;

    public string CookieHeader => string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", Address);
        request.Headers.TryAddWithoutValidation("RequestVerificationToken", formToken);
        request.Headers.TryAddWithoutValidation("Cookie", CookieHeader);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await vault.Bare.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (name, value) = (cookie[..cookie.IndexOf('=', StringComparison.Ordinal)], cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
            if (value.Length == 0)
                cookies.Remove(name);
            else
                cookies[name] = value;
        }

        return answer;
    }

    [GeneratedRegex("""<meta name="vault-antiforgery" content="(?<token>[^"]+)""")]
    private static partial Regex FormToken();
}
