using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Platform;

/// <summary>Under which names the vault answers, and to whom.</summary>
public sealed class HostTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("192.0.2.7")]
    [InlineData("localhost.evil.example")]
    public async Task Under_another_name_nothing_is_answered(string host)
    {
        var answer = await GetAsync("/api/v1/tenant", host);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("/problems/wrong-host", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Localhost_from_another_machine_is_another_name()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync("/api/v1/tenant", "localhost", forwardedFor: "192.0.2.7")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/tenant", "localhost")).StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("10.0.0.1", false)]
    public void A_loopback_name_is_good_from_this_machine_alone(string sender, bool isOwn)
    {
        var address = new PublicAddress(Options.Create(new VaultOptions { PublicUrl = new Uri("https://vault.example") }));

        Assert.Equal(isOwn, address.IsOwnHost(new HostString("localhost", 8080), IPAddress.Parse(sender)));
        Assert.True(address.IsOwnHost(new HostString("Vault.Example"), IPAddress.Parse(sender)));
    }

    [Fact]
    public async Task Pages_under_the_numeric_address_go_to_localhost_with_path_and_query()
    {
        var port = shared.Vault.Address.Port;

        var answer = await GetAsync("/signin?returnTo=%2Fupload", $"127.0.0.1:{port}", accept: "text/html");

        Assert.Equal($"http://localhost:{port}/signin?returnTo=%2Fupload", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_page_for_plain_http_names_the_port_that_the_vault_listens_on()
    {
        var page = await (await GetAsync("/", "vault.example", accept: "text/html")).Content.ReadAsStringAsync(Ct);

        Assert.Contains("over plain http", page, StringComparison.Ordinal);
        Assert.Contains($"reverse_proxy 127.0.0.1:{shared.Vault.Address.Port}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strange_name_over_https_is_not_called_plain_http()
    {
        var page = await (await GetAsync("/", "other.example", accept: "text/html", forwardedProto: "https")).Content.ReadAsStringAsync(Ct);

        Assert.Contains("The vault answers under its own name only", page, StringComparison.Ordinal);
        Assert.DoesNotContain("plain http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarded_headers_are_believed_from_a_trusted_proxy_only()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Proxy:Trusted"] = "192.0.2.1", ["Vault:PublicUrl"] = "https://vault.example" });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(vault.Address, "/api/v1/tenant"));
        request.Headers.Host = "vault.example";
        request.Headers.Add("X-Forwarded-Proto", "https");

        // The connection itself is plain http, and who says otherwise is nobody.
        Assert.Equal(HttpStatusCode.BadRequest, (await vault.Bare.SendAsync(request, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/tenant", "localhost", forwardedProto: "https")).StatusCode);
    }

    [Fact]
    public void The_switch_that_believes_every_sender_is_refused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["FORWARDEDHEADERS_ENABLED"] = "true";

        Assert.Contains("believes every sender", Assert.Throws<VaultStartException>(() => builder.AddVault()).Message, StringComparison.Ordinal);
    }

    /// <summary>A limit that is no limit is not taken for one: an opened link of a week would be somebody's session.</summary>
    [Theory]
    [InlineData("Vault:Links:IdleMinutes", "0", "Vault__Links__IdleMinutes")]
    [InlineData("Vault:Links:IdleMinutes", "10080", "Vault__Links__IdleMinutes")]
    [InlineData("Vault:Scrub:BytesPerSecond", "-1", "Vault__Scrub__BytesPerSecond")]
    [InlineData("Vault:Processing:Jobs", "0", "Vault__Processing__Jobs")]
    public void A_setting_out_of_its_range_is_refused_by_its_name(string setting, string value, string name)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration[setting] = value;

        Assert.Contains(name, Assert.Throws<VaultStartException>(() => builder.AddVault()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://+:8080")]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://localhost:8080;http://[::]:8081")]
    public async Task Where_others_reach_it_the_vault_does_not_start_without_a_name(string urls)
    {
        var refused = await Assert.ThrowsAsync<VaultStartException>(() => TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["urls"] = urls }));

        Assert.Contains("Vault__PublicUrl", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("web", 1)]
    [InlineData("web,worker", 1)]
    [InlineData("worker", 0)]
    public void A_node_that_serves_no_pages_has_no_listener_for_operators(string? roles, int listeners)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create<string, string?>("Vault:Management:Urls", "http://localhost:8081"), KeyValuePair.Create("Vault:Roles", roles)]).Build();

        Assert.Equal(listeners, ListenerAddresses.Management(configuration).Count);
    }

    [Theory]
    [InlineData("urls", "http://localhost:8080", true)]
    [InlineData("urls", "http://[::1]:8080", true)]
    [InlineData("urls", "http://127.0.0.1:8080;https://localhost:8443", true)]
    [InlineData("urls", "http://unix:/run/vault.sock", true)]
    [InlineData("urls", "http://vault.internal:8080", false)]
    [InlineData("http_ports", "8080", false)]
    [InlineData("Kestrel:Endpoints:Web:Url", "https://*:443", false)]
    [InlineData("none", "", true)]
    public void A_listener_is_judged_by_who_can_reach_it(string key, string value, bool isLoopback)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, value)]).Build();

        Assert.Equal(isLoopback, ListenerAddresses.Of(configuration).All(ListenerAddresses.IsLoopback));
    }

    [Fact]
    public async Task No_answer_tells_what_program_serves_it()
    {
        Assert.False((await GetAsync("/signin", "localhost", accept: "text/html")).Headers.Contains("Server"));
        Assert.False((await GetAsync("/health/live", "localhost")).Headers.Contains("Server"));
        Assert.False((await GetAsync("/", "evil.example")).Headers.Contains("Server"));
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string host, string accept = "application/json", string? forwardedFor = null, string? forwardedProto = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(shared.Vault.Address, path));
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        if (forwardedProto is not null)
            request.Headers.Add("X-Forwarded-Proto", forwardedProto);
        return await shared.Vault.Bare.SendAsync(request, Ct);
    }
}
