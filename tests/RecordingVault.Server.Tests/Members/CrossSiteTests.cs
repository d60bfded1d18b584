using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

/// <summary>Every unsafe address, whatever slice it is from, refuses what did not come from the vault's own page.</summary>
public sealed partial class CrossSiteTests(SharedVault shared)
{
    private const string Token = "RequestVerificationToken";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cross-site", null, true)]
    [InlineData("same-site", null, true)]
    [InlineData("none", null, true)]
    [InlineData(null, "https://evil.example", true)]
    [InlineData(null, "null", true)]
    [InlineData(null, null, true)]
    [InlineData("same-origin", null, false)]
    public async Task No_unsafe_address_takes_a_request_of_another_site(string? fetchSite, string? origin, bool hasToken)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var token = await browser.TokenAsync("/password", Ct);
        browser.FetchSite = fetchSite;
        using var operators = new TestBrowser(shared.Vault, isOperators: true);
        var operatorsToken = await operators.TokenAsync(ManagementListener.SignInPath, Ct);
        operators.FetchSite = fetchSite;
        var routes = UnsafeRoutes().ToList();

        foreach (var (method, path) in routes)
        {
            // The operator's addresses are on his own listener.
            var isOperators = path.StartsWith(ManagementListener.Home + "/", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(new { }) };
            if (hasToken)
                request.Headers.Add(Token, isOperators ? operatorsToken : token);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await (isOperators ? operators : browser).SendAsync(request, Ct);

            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} answered {answer.StatusCode}");
            Assert.Contains("/problems/cross-site", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        Assert.Contains((HttpMethod.Post, "/signout"), routes);
        Assert.Contains((HttpMethod.Post, "/api/v1/tokens"), routes);
        Assert.InRange(routes.Count, 8, 500);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("OPTIONS")]
    public async Task No_other_site_is_told_that_it_may_ask(string method)
    {
        foreach (var path in new[] { "/", "/signin", "/api/v1/tenant", "/api/v1/recordings", "/api/v1/uploads", "/health/ready" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("Origin", "https://evil.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            using var answer = await shared.Vault.Bare.SendAsync(request, Ct);

            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("/api/v1/uploads", HttpStatusCode.UnsupportedMediaType, "form-not-taken")]
    [InlineData("/API/v1/uploads", HttpStatusCode.UnsupportedMediaType, "form-not-taken")]
    [InlineData("/signin", HttpStatusCode.RequestEntityTooLarge, "too-large")]
    [InlineData("/no/such/page", HttpStatusCode.RequestEntityTooLarge, "too-large")]
    public async Task A_form_without_an_end_is_answered_before_it_ends(string path, HttpStatusCode expected, string slug)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(shared.Vault.Address.Host, shared.Vault.Address.Port, Ct);
        var stream = connection.GetStream();
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
        const int sent = CrossSiteGuard.FormLimit + 16 * 1024;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}{sent:x}\r\na={new string('a', sent - 2)}\r\n"), Ct);

        // The last chunk never comes: a server that wants the whole form waits for it.
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("/problems/", StringComparison.Ordinal) && await stream.ReadAsync(buffer, Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ct) is > 0 and var count)
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));

        Assert.StartsWith($"HTTP/1.1 {(int)expected} ", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("/problems/" + slug, answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Sec_Fetch_Site_the_own_origin_is_enough()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { name = "x" }) };
        request.Headers.Add(Token, await browser.TokenAsync("/password", Ct));
        request.Headers.Add("Origin", shared.Vault.Address.GetLeftPart(UriPartial.Authority));
        browser.FetchSite = null;

        Assert.Equal(HttpStatusCode.Created, (await browser.SendAsync(request, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_tenant_writes_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { name = "x" }) };
        request.Headers.Add(Token, await browser.TokenAsync("/password", Ct));
        request.Headers.Add("Vault-Tenant", Guid.NewGuid().ToString());

        Assert.Equal(HttpStatusCode.Conflict, (await browser.SendAsync(request, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostFormAsync("/signout", [("vault-tenant", Guid.NewGuid().ToString())], Ct, page: "/password")).StatusCode);
    }

    [Fact]
    public async Task A_request_that_does_not_say_for_which_tenant_it_is_writes_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { name = "x" }) };
        request.Headers.Add(Token, await browser.TokenAsync("/password", Ct));
        request.Headers.Add("Vault-Tenant", "");

        var answer = await browser.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("/problems/tenant-missing", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        // The one that reads the log.
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "token.created");
    }

    [Fact]
    public async Task Nobody_elses_antiforgery_token_fits()
    {
        var one = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        using var stranger = new TestBrowser(shared.Vault);
        await browser.SignInAsync(one.Owner, Ct);
        await stranger.SignInAsync(other.Owner, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { name = "x" }) };
        request.Headers.Add(Token, await stranger.TokenAsync("/password", Ct));

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request, Ct)).StatusCode);
    }

    private IEnumerable<(HttpMethod Method, string Path)> UnsafeRoutes() =>
        from endpoint in shared.Vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["POST", "PUT", "PATCH", "DELETE"]
        where method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE")
        select (HttpMethod.Parse(method), "/" + Parameter().Replace(endpoint.RoutePattern.RawText ?? "", Guid.Empty.ToString()).TrimStart('/'));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
