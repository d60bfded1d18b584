using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Factors;

/// <summary>The door of a member who has an authenticator.</summary>
public sealed class SignInCodeTests(FactorVault vault) : IClassFixture<FactorVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_right_password_opens_nothing_before_the_code()
    {
        var (tenant, phone) = await HouseAsync();
        using var browser = new TestBrowser(vault.Vault);

        var half = await browser.SignInAsync(tenant.Owner, Ct, returnTo: "/upload");
        var page = await browser.GetAsync(SignIn.CodePath, Ct);

        Assert.Equal(SignIn.CodePath, half.Headers.Location!.OriginalString);
        Assert.Null(browser.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        // Whoever has the password alone hears nothing of the account.
        Assert.DoesNotContain(tenant.Owner.Name, await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var opened = await TestPhone.SendAsync(browser, phone.NextCode(), Ct);

        Assert.Equal("/upload", opened.Headers.Location!.OriginalString);
        Assert.Null(browser.Cookie(HalfSignIns.CookieName));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_code_is_refused_and_the_log_says_that_the_password_was_right()
    {
        var (tenant, phone) = await HouseAsync();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var wrong = await TestPhone.SendAsync(browser, "000000", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Null(browser.Cookie(SessionCookie.Name));
        for (var i = 0; i < 100 && !(await ReasonsAsync(tenant)).Contains("code-wrong"); i++)
            await Task.Delay(20, Ct);
        Assert.Contains("code-wrong", await ReasonsAsync(tenant));
        Assert.Equal("/", (await TestPhone.SendAsync(browser, phone.NextCode(), Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_code_never_works_twice()
    {
        var (tenant, phone) = await HouseAsync();
        using var first = new TestBrowser(vault.Vault);
        using var second = new TestBrowser(vault.Vault);
        await phone.SignInAsync(first, tenant.Owner, Ct);
        await second.SignInAsync(tenant.Owner, Ct);

        var twice = await TestPhone.SendAsync(second, phone.SameCode(), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
        Assert.Null(second.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task Of_one_code_sent_many_times_at_once_one_is_taken()
    {
        var (tenant, phone) = await HouseAsync();
        var browsers = Enumerable.Range(0, ThrottleRule.Code.FreeTries).Select(_ => new TestBrowser(vault.Vault)).ToList();
        foreach (var browser in browsers)
            await browser.SignInAsync(tenant.Owner, Ct);
        var code = phone.NextCode();

        await Task.WhenAll(browsers.Select(browser => TestPhone.SendAsync(browser, code, Ct)));

        Assert.Single(browsers, browser => browser.Cookie(SessionCookie.Name) is not null);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_code_of_the_step_before_or_after_is_taken_and_an_older_one_is_not()
    {
        var (tenant, phone) = await HouseAsync();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var code = phone.NextCode();
        vault.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TestPhone.SendAsync(browser, code, Ct)).StatusCode);

        var ahead = TimeCode.At(vault.Clock.GetUtcNow() + TimeSpan.FromSeconds(30), phone.Seed);
        Assert.Equal(HttpStatusCode.Redirect, (await TestPhone.SendAsync(browser, ahead, Ct)).StatusCode);
    }

    [Fact]
    public async Task The_first_half_is_good_for_five_minutes()
    {
        var (tenant, phone) = await HouseAsync();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var half = browser.Cookie(HalfSignIns.CookieName);
        vault.Clock.Advance(HalfSignIns.Lifetime);

        var late = await browser.PostFormAsync(SignIn.CodePath, [("code", phone.NextCode())], Ct, page: "/signin");

        Assert.NotNull(half);
        Assert.Equal("/signin", late.Headers.Location!.OriginalString);
        Assert.Null(browser.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task A_change_of_the_account_meanwhile_ends_the_first_half()
    {
        var (tenant, phone) = await HouseAsync();
        using var thief = new TestBrowser(vault.Vault);
        await thief.SignInAsync(tenant.Owner, Ct);
        using var owner = new TestBrowser(vault.Vault);
        await phone.SignInAsync(owner, tenant.Owner, Ct);
        await owner.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "a new one of my own")], Ct);

        var late = await thief.PostFormAsync(SignIn.CodePath, [("code", phone.NextCode())], Ct);

        Assert.Equal("/signin", late.Headers.Location!.OriginalString);
        Assert.Null(thief.Cookie(SessionCookie.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("made-up")]
    public async Task Nobody_comes_to_the_code_past_the_password(string? note)
    {
        using var browser = new TestBrowser(vault.Vault);
        if (note is not null)
            browser.SetCookie(HalfSignIns.CookieName, note);

        Assert.Equal("/signin", (await browser.GetAsync(SignIn.CodePath, Ct)).Headers.Location!.OriginalString);
        Assert.Equal("/signin", (await browser.PostFormAsync(SignIn.CodePath, [("code", "123456")], Ct, page: "/signin")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Codes_are_throttled_per_account_with_growing_delay_and_a_browser_that_is_known_is_not()
    {
        var (tenant, phone) = await HouseAsync();
        using var known = new TestBrowser(vault.Vault);
        await phone.SignInAsync(known, tenant.Owner, Ct);
        for (var i = 0; i < ThrottleRule.Code.FreeTries; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAsync()).StatusCode);

        var throttled = await GuessAsync();
        vault.Clock.Advance(TimeSpan.FromSeconds(6));
        var later = await GuessAsync();
        vault.Clock.Advance(TimeSpan.FromSeconds(6));
        var tooEarly = await GuessAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.NotNull(throttled.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Unauthorized, later.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooEarly.StatusCode);
        await known.PostFormAsync("/signout", [], Ct, page: "/password");
        Assert.Equal("/", (await phone.SignInAsync(known, tenant.Owner, Ct)).Headers.Location!.OriginalString);

        async Task<HttpResponseMessage> GuessAsync()
        {
            using var guesser = new TestBrowser(vault.Vault);
            await guesser.SignInAsync(tenant.Owner, Ct);
            return await TestPhone.SendAsync(guesser, "000000", Ct);
        }
    }

    [Fact]
    public async Task A_browser_of_before_the_second_factor_guesses_like_any_other()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var thief = new TestBrowser(vault.Vault);
        await thief.SignInAsync(tenant.Owner, Ct);
        Assert.NotNull(thief.Cookie(KnownBrowsers.CookieName));
        using var owner = new TestBrowser(vault.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        await TestPhone.SetUpAsync(owner, vault.Clock, Ct);
        for (var i = 0; i < ThrottleRule.Code.FreeTries; i++)
        {
            using var guesser = new TestBrowser(vault.Vault);
            await guesser.SignInAsync(tenant.Owner, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, (await TestPhone.SendAsync(guesser, "000000", Ct)).StatusCode);
        }

        await thief.SignInAsync(tenant.Owner, Ct);
        var guessed = await TestPhone.SendAsync(thief, "000000", Ct);

        Assert.Equal(HttpStatusCode.TooManyRequests, guessed.StatusCode);
    }

    [Fact]
    public async Task A_browser_is_known_for_180_days()
    {
        var (tenant, phone) = await HouseAsync();
        using var fresh = new TestBrowser(vault.Vault);
        await phone.SignInAsync(fresh, tenant.Owner, Ct);
        var cookie = fresh.Cookie(KnownBrowsers.CookieName)!;

        vault.Clock.Advance(KnownBrowsers.Lifetime - TimeSpan.FromHours(1));
        Assert.True(await PassesAfterGuessesAsync());
        vault.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await PassesAfterGuessesAsync());

        // Strangers guess until the account waits for longer than the phone's next code; who is known goes past them.
        async Task<bool> PassesAfterGuessesAsync()
        {
            for (var wait = TimeSpan.Zero; wait < TimeSpan.FromMinutes(1);)
            {
                vault.Clock.Advance(wait);
                using var guesser = new TestBrowser(vault.Vault);
                await guesser.SignInAsync(tenant.Owner, Ct);
                wait = (await TestPhone.SendAsync(guesser, "000000", Ct)).Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            }

            using var old = new TestBrowser(vault.Vault);
            old.SetCookie(KnownBrowsers.CookieName, cookie);
            return (await phone.SignInAsync(old, tenant.Owner, Ct)).StatusCode == HttpStatusCode.Redirect;
        }
    }

    private async Task<(TestTenant Tenant, TestPhone Phone)> HouseAsync()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return (tenant, await TestPhone.SetUpAsync(browser, vault.Clock, Ct));
    }

    private static async Task<IReadOnlyList<string>> ReasonsAsync(TestTenant tenant) =>
        [.. (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "member.sign-in-refused")
            .Select(line => line.GetProperty("details").TryGetProperty("reason", out var reason) ? reason.GetString()! : "")];
}
