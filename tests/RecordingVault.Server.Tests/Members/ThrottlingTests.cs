using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class ThrottlingTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_wait_grows_and_has_an_end()
    {
        var waits = Enumerable.Range(0, 40).Select(ThrottleRule.Network.WaitAfter).ToList();

        Assert.All(waits[..5], wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], waits[5..8]);
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(TimeSpan.FromMinutes(15), waits[^1]);
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    public void An_IPv6_address_counts_as_its_network(string address, string counted) => Assert.Equal(counted, Throttling.Network(IPAddress.Parse(address)));

    [Fact]
    public async Task Of_many_parallel_tries_at_one_account_only_the_free_ones_are_checked()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var browsers = Enumerable.Range(0, 36).Select(_ => new TestBrowser(shared.Vault)).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.PostFormAsync("/signin", [("email", tenant.Owner.Email), ("password", "not his password")], Ct)));

        // One more may pass after the first wait, should the machine be slow.
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), ThrottleRule.Account.FreeTries, ThrottleRule.Account.FreeTries + 2);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_throttled_account_says_until_when_and_opens_again_by_itself()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        for (var i = 0; i < ThrottleRule.Account.FreeTries; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(vault, tenant.Owner with { Password = "not his password" })).StatusCode);

        var throttled = await TryAsync(vault, tenant.Owner);
        clock.Advance(TimeSpan.FromSeconds(5));
        var opened = await TryAsync(vault, tenant.Owner);

        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal("5", throttled.Headers.GetValues("Retry-After").Single());
        // The page tells minutes, and none in which it would still be too early.
        Assert.Contains("2026-11-22T08:01:00Z", await throttled.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        // The owner proved himself: his next slip of the finger is free again.
        Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(vault, tenant.Owner with { Password = "not his password" })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TryAsync(vault, tenant.Owner)).StatusCode);
    }

    [Fact]
    public async Task One_machine_that_tries_many_accounts_is_slowed_and_the_others_are_not()
    {
        using var guesser = new TestBrowser(shared.Vault);
        using var other = new TestBrowser(shared.Vault);
        var last = HttpStatusCode.OK;
        for (var i = 0; i < ThrottleRule.Address.FreeTries + 1; i++)
            last = (await guesser.PostFormAsync("/signin", [("email", $"nobody-{Guid.NewGuid():N}@example.com"), ("password", "a common password")], Ct)).StatusCode;

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.PostFormAsync("/signin", [("email", "nobody@example.com"), ("password", "a common password")], Ct)).StatusCode);
    }

    [Fact]
    public async Task Signing_in_to_ones_own_account_buys_no_guesses_at_others()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var guesser = new TestBrowser(shared.Vault);
        var last = HttpStatusCode.OK;
        for (var i = 0; i < ThrottleRule.Address.FreeTries + 1; i++)
        {
            using var own = new TestBrowser(shared.Vault) { Address = guesser.Address };
            await own.SignInAsync(tenant.Owner, Ct);
            last = (await guesser.PostFormAsync("/signin", [("email", $"nobody-{Guid.NewGuid():N}@example.com"), ("password", "a common password")], Ct)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task Whoever_guesses_at_an_account_does_not_keep_its_owner_out_of_a_browser_that_he_used_before()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var own = new TestBrowser(shared.Vault);
        await own.SignInAsync(tenant.Owner, Ct);
        await own.PostFormAsync("/signout", [], Ct, page: "/password");
        for (var i = 0; i < ThrottleRule.Account.FreeTries; i++)
            await TryAsync(shared.Vault, tenant.Owner with { Password = "not his password" });

        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(shared.Vault, tenant.Owner)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await own.SignInAsync(tenant.Owner, Ct)).StatusCode);
        // And it is no way round: its own tries are counted.
        await own.PostFormAsync("/signout", [], Ct, page: "/password");
        for (var i = 0; i < ThrottleRule.Browser.FreeTries; i++)
            await own.SignInAsync(tenant.Owner with { Password = "not his password" }, Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await own.SignInAsync(tenant.Owner, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_known_browser_is_known_for_its_own_account_alone()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await tenant.AddAsync(RecordingVault.Server.Platform.Security.Role.Viewer, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await browser.PostFormAsync("/signout", [], Ct, page: "/password");
        for (var i = 0; i < ThrottleRule.Account.FreeTries; i++)
            await TryAsync(shared.Vault, other with { Password = "not his password" });

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignInAsync(other, Ct)).StatusCode);
    }

    [Fact]
    public async Task One_network_that_goes_on_asking_counts_against_itself_only()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var guesser = new TestBrowser(shared.Vault);
        var last = HttpStatusCode.OK;
        for (var i = 0; i < ThrottleRule.Account.FreeTries + ThrottleRule.Network.FreeTries; i++)
            last = (await guesser.SignInAsync(tenant.Owner with { Password = "not his password" }, Ct)).StatusCode;

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.Redirect, (await TryAsync(shared.Vault, tenant.Owner)).StatusCode);
    }

    private static async Task<HttpResponseMessage> TryAsync(TestVault vault, TestMember member)
    {
        using var browser = new TestBrowser(vault);
        return await browser.SignInAsync(member, Ct);
    }

    [Fact]
    public async Task A_database_that_keeps_nothing_makes_a_sign_in_fail_and_not_try_for_ever()
    {
        await using var vault = new Playback.ClockedVault();
        await vault.InitializeAsync();
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        // Any failure that is not "another made the row first".
        foreach (var sentence in TestVault.UsesPostgres
            ? new[] { "CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql", "CREATE TRIGGER full_disk BEFORE INSERT ON throttles FOR EACH ROW EXECUTE FUNCTION full_disk()" }
            : ["CREATE TRIGGER full_disk BEFORE INSERT ON throttles BEGIN SELECT RAISE(ABORT, 'full'); END"])
        {
            await vault.SqlAsync(sentence, Ct);
        }

        using var browser = new TestBrowser(vault.Vault);
        var answer = await browser.SignInAsync(tenant.Owner, Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }
}
