using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Joining;

/// <summary>An invitation that an owner made over the API, and the browser of whoever opens it.</summary>
internal sealed record Invited(TestTenant Tenant, TestBrowser Owner, JsonElement Made)
{
    public Guid Id => Made.GetProperty("id").GetGuid();

    public string Url => Made.GetProperty("url").GetString()!;

    /// <summary>What stood behind the # in a letter, for an invitation that is then handed over.</summary>
    public string? Handed { get; init; }

    /// <summary>What stands behind the #.</summary>
    public string Link => Handed ?? Url.Split('#')[1];

    public string Email => Made.GetProperty("email").GetString()!;

    public static async Task<Invited> MakeAsync(TestVault vault, CancellationToken cancellationToken, Role role = Role.Contributor, string? email = null, TestTenant? tenant = null)
    {
        tenant ??= await TestTenant.CreateAsync(vault, cancellationToken);
        var owner = new TestBrowser(vault);
        await owner.SignInAsync(tenant.Owner, cancellationToken);
        using var answer = await owner.SendJsonAsync(
            HttpMethod.Post, "/api/v1/members/invitations", new { email = email ?? $"invited-{Guid.NewGuid():N}@example.com", name = "Ida Invited", role = role.ToString() }, cancellationToken);
        Xunit.Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return new Invited(tenant, owner, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
    }

    /// <summary>The person presses Open.</summary>
    public static Task<HttpResponseMessage> OpenAsync(TestBrowser browser, string link, CancellationToken cancellationToken) =>
        browser.PostFormAsync("/join", [("link", link)], cancellationToken);

    public Task<HttpResponseMessage> OpenAsync(TestBrowser browser, CancellationToken cancellationToken) => OpenAsync(browser, Link, cancellationToken);

    public static Task<HttpResponseMessage> MakeAccountAsync(TestBrowser browser, CancellationToken cancellationToken, string name = "Ida Invited", string password = "seven quiet otters swim") =>
        browser.PostFormAsync("/join/account", [("name", name), ("password", password)], cancellationToken, page: "/join/open");

    public static Task<HttpResponseMessage> AcceptAsync(TestBrowser browser, CancellationToken cancellationToken) =>
        browser.PostFormAsync("/join/accept", [], cancellationToken, page: "/join/open");

    /// <summary>Opens the link and makes an account with it.</summary>
    public async Task<TestBrowser> JoinAsync(CancellationToken cancellationToken)
    {
        var browser = new TestBrowser(Tenant.Vault);
        await OpenAsync(browser, cancellationToken);
        var joined = await MakeAccountAsync(browser, cancellationToken);
        Xunit.Assert.Equal("/", joined.Headers.Location?.OriginalString);
        return browser;
    }

    /// <summary>The state that the tenant's list tells of this invitation.</summary>
    public async Task<string?> StateAsync(CancellationToken cancellationToken)
    {
        var list = await (await Owner.GetAsync("/api/v1/members/invitations", cancellationToken)).Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return list.GetProperty("items").EnumerateArray().Single(line => line.GetProperty("id").GetGuid() == Id).GetProperty("state").GetString();
    }

    /// <summary>What a browser's session may do, told by the tenant that it works in.</summary>
    public static async Task<(Guid Tenant, string Role)> StandingAsync(TestBrowser browser, CancellationToken cancellationToken)
    {
        var answer = await browser.GetAsync("/api/v1/tenant", cancellationToken);
        var tenant = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return (tenant.GetProperty("id").GetGuid(), tenant.GetProperty("role").GetString()!);
    }
}
