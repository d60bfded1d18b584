using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>A browser as the server sees it: cookies that .NET's own jar would keep back over plain http, and the antiforgery token of the page that it opened.</summary>
internal sealed partial class TestBrowser(TestVault vault, bool isOperators = false) : IDisposable
{
    private readonly HttpClient client = isOperators ? vault.ManagementClient() : vault.Client();
    private string tenant = "";
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    /// <summary>Where the browser seems to stand, as the vault's proxy tells it, on this machine, from which alone localhost is answered: each has an address of its own, so that one test's wrong tries don't slow another.</summary>
    public string Address { get; set; } = $"127.{Random.Shared.Next(1, 256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}";

    /// <summary>What an own page sends along; a test of another site changes it.</summary>
    public string? FetchSite { get; set; } = "same-origin";

    /// <summary>What it calls itself.</summary>
    public string? UserAgent { get; set; }

    public string? Cookie(string name) => cookies.GetValueOrDefault(name);

    public void SetCookie(string name, string value) => cookies[name] = value;

    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>The antiforgery token of a page.</summary>
    public async Task<string> TokenAsync(string page, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(page, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        tenant = Tenant().Match(text).Groups[1].Value;
        return Token().Match(text).Groups[1].Value;
    }

    /// <summary>Opens the page, fills its form and sends it.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken, string? page = null)
    {
        var token = await TokenAsync(page ?? path, cancellationToken);
        if (tenant.Length > 0 && !fields.Any(field => field.Name == "vault-tenant"))
            fields = fields.Append(("vault-tenant", tenant));
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        };
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>What a page's script sends.</summary>
    public async Task<HttpResponseMessage> SendJsonAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken, string page = "/password")
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("RequestVerificationToken", await TokenAsync(page, cancellationToken));
        return await SendAsync(request, cancellationToken);
    }

    public async Task<HttpResponseMessage> SignInAsync(TestMember member, CancellationToken cancellationToken, string returnTo = "/") =>
        await PostFormAsync("/signin", [("email", member.Email), ("password", member.Password), ("returnTo", returnTo)], cancellationToken);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        if (cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", Address);
        // As the page's scripts do; a form says it in a field.
        if (tenant.Length > 0 && request.Method != HttpMethod.Get && request.Content is not FormUrlEncodedContent && !request.Headers.Contains("Vault-Tenant"))
            request.Headers.Add("Vault-Tenant", tenant);
        if (UserAgent is not null)
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (FetchSite is not null)
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", FetchSite);
        var response = await client.SendAsync(request, until, cancellationToken);
        Keep(response);
        return response;
    }

    public void Dispose() => client.Dispose();

    private void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var lines))
            return;
        foreach (var line in lines)
        {
            var pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
                cookies.Remove(pair[0]);
            else
                cookies[pair[0]] = pair[1];
        }
    }

    [GeneratedRegex("name=\"vault-antiforgery\" content=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("name=\"vault-tenant\" content=\"([^\"]+)\"")]
    private static partial Regex Tenant();
}
