using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class SetupTests
{
    private static readonly Dictionary<string, string?> Unattended = new(StringComparer.Ordinal)
    {
        ["Vault:Setup:Email"] = "helen@example.com",
        ["Vault:Setup:Password"] = "written in a file",
        ["Vault:Setup:Tenant"] = "Marsh Coaching",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_of_the_first_start_makes_a_tenant_and_its_owner_who_is_signed_in()
    {
        await using var vault = await TestVault.StartAsync();
        using var browser = new TestBrowser(vault);

        var answer = await SetUpAsync(browser, Secret(vault));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var tenant = JsonDocument.Parse(await (await browser.GetAsync("/api/v1/tenant", Ct)).Content.ReadAsStringAsync(Ct));
        Assert.Equal("Marsh Coaching", tenant.RootElement.GetProperty("name").GetString());
        Assert.Equal("Owner", tenant.RootElement.GetProperty("role").GetString());
        using var log = JsonDocument.Parse(await (await browser.GetAsync("/api/v1/audit/events", Ct)).Content.ReadAsStringAsync(Ct));
        Assert.Equal(["member.signed-in", "member.created", "tenant.created"], log.RootElement.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task The_link_is_good_once_and_the_page_stays_closed()
    {
        await using var vault = await TestVault.StartAsync();
        using var browser = new TestBrowser(vault);
        using var other = new TestBrowser(vault);
        var secret = Secret(vault);
        await SetUpAsync(browser, secret);

        Assert.Equal(HttpStatusCode.Forbidden, (await SetUpAsync(other, secret, "eve@example.com", page: "/signin")).StatusCode);
        Assert.DoesNotContain("name=\"secret\"", await (await other.GetAsync("/setup", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_to_sign_in_before_there_is_an_owner_is_told_of_the_link_and_nobody_after_him()
    {
        await using var vault = await TestVault.StartAsync();
        using var browser = new TestBrowser(vault);
        using var other = new TestBrowser(vault);
        const string Told = "This vault has no owner yet.";

        Assert.Contains(Told, await (await browser.GetAsync("/signin", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await SetUpAsync(browser, Secret(vault));
        Assert.DoesNotContain(Told, await (await other.GetAsync("/signin", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_send_the_form_at_once_one_becomes_the_owner()
    {
        await using var vault = await TestVault.StartAsync();
        var secret = Secret(vault);
        using var one = new TestBrowser(vault);
        using var other = new TestBrowser(vault);

        var answers = await Task.WhenAll(SetUpAsync(one, secret, "one@example.com"), SetUpAsync(other, secret, "other@example.com"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task The_link_ends_after_a_day()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var browser = new TestBrowser(vault);
        var secret = Secret(vault);

        clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal(HttpStatusCode.Forbidden, (await SetUpAsync(browser, secret)).StatusCode);
    }

    [Theory]
    [InlineData("no address", "correct horse battery", "Marsh")]
    [InlineData("helen@example.com", "short", "Marsh")]
    [InlineData("helen@example.com", "correct horse battery", " ")]
    public async Task A_form_that_is_not_right_makes_nothing_and_does_not_use_up_the_link(string email, string password, string tenant)
    {
        await using var vault = await TestVault.StartAsync();
        using var browser = new TestBrowser(vault);
        var secret = Secret(vault);

        Assert.Equal(HttpStatusCode.BadRequest, (await SetUpAsync(browser, secret, email, password, tenant)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(browser, secret)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_secret_makes_nothing()
    {
        await using var vault = await TestVault.StartAsync();
        using var browser = new TestBrowser(vault);

        Assert.Equal(HttpStatusCode.Forbidden, (await SetUpAsync(browser, new string('A', 43))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetUpAsync(browser, "")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(browser, Secret(vault))).StatusCode);
    }

    [Fact]
    public async Task A_start_prints_the_secret_once_and_only_while_there_is_nobody()
    {
        await using var vault = await TestVault.StartAsync();
        var invitation = vault.Services.GetRequiredService<SetupInvitation>();

        Assert.Equal(43, invitation.TakeSecretForPrinting()!.Length);
        Assert.Null(invitation.TakeSecretForPrinting());
        await using var made = await TestVault.StartAsync(settings: Unattended);
        Assert.Null(made.Services.GetRequiredService<SetupInvitation>().TakeSecretForPrinting());
    }

    [Fact]
    public async Task The_environment_makes_the_same_with_a_password_that_must_be_changed()
    {
        await using var vault = await TestVault.StartAsync(settings: Unattended);
        using var browser = new TestBrowser(vault);

        var signedIn = await browser.PostFormAsync("/signin", [("email", "helen@example.com"), ("password", "written in a file")], Ct);
        Assert.Equal("/password", signedIn.Headers.Location!.OriginalString);
        await browser.PostFormAsync("/password", [("currentPassword", "written in a file"), ("newPassword", "known to me alone")], Ct);

        Assert.Contains("Marsh Coaching", await (await browser.GetAsync("/api/v1/tenant", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_start_is_refused_while_the_environment_still_holds_the_owners_password()
    {
        await using var vault = await TestVault.StartAsync(settings: Unattended);
        using var browser = new TestBrowser(vault);

        var refused = await Assert.ThrowsAsync<VaultStartException>(() => StartAgainAsync(vault));
        Assert.Contains("Vault__Setup__Password", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("written in a file", refused.Message, StringComparison.Ordinal);

        await browser.PostFormAsync("/signin", [("email", "helen@example.com"), ("password", "written in a file")], Ct);
        await browser.PostFormAsync("/password", [("currentPassword", "written in a file"), ("newPassword", "known to me alone")], Ct);
        await StartAgainAsync(vault);
    }

    [Fact]
    public async Task A_password_of_the_environment_that_is_too_short_stops_the_start_and_says_which()
    {
        var settings = new Dictionary<string, string?>(Unattended, StringComparer.Ordinal) { ["Vault:Setup:Password"] = "short" };

        var refused = await Assert.ThrowsAsync<VaultStartException>(() => TestVault.StartAsync(settings: settings));

        Assert.StartsWith("Vault__Setup__Password: ", refused.Message, StringComparison.Ordinal);
    }

    private static string Secret(TestVault vault) => vault.Services.GetRequiredService<SetupInvitation>().TakeSecretForPrinting()!;

    private static Task<HttpResponseMessage> SetUpAsync(
        TestBrowser browser, string secret, string email = "helen@example.com", string password = "correct horse battery", string tenant = "Marsh Coaching", string page = "/setup") =>
        browser.PostFormAsync("/setup", [("secret", secret), ("name", "Helen Marsh"), ("email", email), ("password", password), ("tenantName", tenant)], Ct, page);

    /// <summary>What a start does about the first member, with the environment as it was at the first one.</summary>
    private static async Task StartAgainAsync(TestVault vault)
    {
        vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value.Setup =
            new SetupOptions { Email = Unattended["Vault:Setup:Email"], Password = Unattended["Vault:Setup:Password"], Tenant = Unattended["Vault:Setup:Tenant"] };
        await using var scope = vault.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstMember>().PrepareAsync(Ct);
    }
}
