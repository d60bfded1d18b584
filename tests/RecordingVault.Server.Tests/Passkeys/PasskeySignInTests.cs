using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>The door by passkey, and all that must not open it.</summary>
public sealed class PasskeySignInTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => clocked.Vault;

    [Fact]
    public async Task A_passkey_opens_the_door_without_name_or_password_and_leads_back()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();

        var answer = await elsewhere.SignInAsync(Ct, "/upload");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/upload", await LocationAsync(answer));
        Assert.Contains(tenant.Name, await (await elsewhere.Browser.GetAsync("/api/v1/tenant", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "member.signed-in"));
    }

    [Fact]
    public async Task A_session_that_a_passkey_opened_says_so_and_has_two_factors()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();

        await elsewhere.SignInAsync(Ct);

        // The first began with the password and has shown the passkey when it was added.
        Assert.Equal([(false, true), (true, true)], (await SessionsAsync(tenant)).Select(session => (session.IsByPasskey, session.HasTwoFactors)));
    }

    [Fact]
    public async Task The_same_answer_is_not_taken_twice_however_often_its_cookie_comes()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();
        var answer = browser.Authenticator.Answer(await elsewhere.AskAsync(PasskeyBrowser.Door, Ct));
        var cookie = elsewhere.Browser.Cookie(PasskeyChallenges.CookieName)!;
        using var thief = browser.Elsewhere();

        Assert.Equal(HttpStatusCode.OK, (await elsewhere.AnswerAsync(answer, Ct)).StatusCode);
        var withoutCookie = await thief.AnswerAsync(answer, Ct);
        thief.Browser.SetCookie(PasskeyChallenges.CookieName, cookie);
        var withCookie = await thief.AnswerAsync(answer, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, withoutCookie.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, withCookie.StatusCode);
        Assert.Equal("passkey-challenge-over", await SharedLink.SlugAsync(withCookie, Ct));
        Assert.Null(thief.Browser.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task A_challenge_ends_after_five_minutes_and_is_no_use_elsewhere()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();

        var late = browser.Authenticator.Answer(await elsewhere.AskAsync(PasskeyBrowser.Door, Ct));
        clocked.Clock.Advance(PasskeyChallenges.Lifetime);
        Assert.Equal("passkey-challenge-over", await SharedLink.SlugAsync(await elsewhere.AnswerAsync(late, Ct), Ct));

        var forDoor = browser.Authenticator.Answer(await elsewhere.AskAsync(PasskeyBrowser.Door, Ct));
        browser.Browser.SetCookie(PasskeyChallenges.CookieName, elsewhere.Browser.Cookie(PasskeyChallenges.CookieName)!);
        Assert.Equal("passkey-challenge-over", await SharedLink.SlugAsync(await browser.AnswerAsync(forDoor, Ct, path: PasskeyBrowser.Again), Ct));
    }

    [Fact]
    public async Task The_challenge_cookie_is_for_this_host_alone_short_lived_and_no_script_reads_it()
    {
        using var browser = new PasskeyBrowser(Vault);

        using var asked = await browser.SendAsync(PasskeyBrowser.Door + "/options", new { }, Ct);

        var parts = asked.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith(PasskeyChallenges.CookieName, StringComparison.Ordinal)).Split("; ")[1..];
        Assert.Equal(["httponly", "max-age=300", "path=/", "samesite=strict", "secure"], parts.Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal));
        var options = await asked.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal("localhost", options.GetProperty("rpId").GetString());
        Assert.Equal("required", options.GetProperty("userVerification").GetString());
        Assert.Equal(0, options.TryGetProperty("allowCredentials", out var allowed) ? allowed.GetArrayLength() : 0);
    }

    [Theory]
    [InlineData("person")]
    [InlineData("origin")]
    [InlineData("port")]
    [InlineData("domain")]
    [InlineData("counter")]
    [InlineData("imposter")]
    [InlineData("nobody's")]
    public async Task What_does_not_fit_opens_nothing(string wrong)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var before = browser.Elsewhere();
        await before.SignInAsync(Ct);
        using var imposter = browser.Authenticator.Imposter();
        using var stranger = new TestAuthenticator { Origin = browser.Authenticator.Origin };
        using var elsewhere = new PasskeyBrowser(Vault) { Authenticator = wrong switch { "imposter" => imposter, "nobody's" => stranger, _ => browser.Authenticator } };
        var own = browser.Authenticator;
        own.VerifiesPerson = wrong != "person";
        own.Origin = wrong switch { "origin" => "https://evil.example", "port" => "http://localhost:1", _ => own.Origin };
        own.Domain = wrong == "domain" ? "evil.example" : own.Domain;
        own.Counter = wrong == "counter" ? 0 : own.Counter;

        var answer = await elsewhere.SignInAsync(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("passkey-refused", await SharedLink.SlugAsync(answer, Ct));
        Assert.Null(elsewhere.Browser.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task A_refused_passkey_stands_in_the_log_of_whose_it_is()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();
        browser.Authenticator.VerifiesPerson = false;

        await elsewhere.SignInAsync(Ct);

        // It is written after the answer.
        while (!(await tenant.EventTypesAsync(Ct)).Contains("member.sign-in-refused"))
            await Task.Yield();
        var refused = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "member.sign-in-refused");
        Assert.Equal("system", refused.GetProperty("actor").GetProperty("kind").GetString());
        Assert.Equal(tenant.Owner.Id, refused.GetProperty("target").GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"credential":null}""")]
    [InlineData("""{"credential":7}""")]
    [InlineData("""{"credential":{}}""")]
    [InlineData("""{"credential":{"id":5,"response":"x"}}""")]
    [InlineData("""{"credential":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"!","authenticatorData":"AA","signature":"AA"}}}""")]
    public async Task What_is_no_answer_gets_400(string body)
    {
        using var browser = new PasskeyBrowser(Vault);
        await browser.AskAsync(PasskeyBrowser.Door, Ct);

        using var answer = await browser.SendAsync(PasskeyBrowser.Door, JsonDocument.Parse(body).RootElement, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_passkey_works_while_passwords_wait_and_its_own_tries_wait_alone()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();
        for (var i = 0; i < ThrottleRule.Network.FreeTries + 1; i++)
            await elsewhere.Browser.PostFormAsync("/signin", [("email", tenant.Owner.Email), ("password", "not his password")], Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await elsewhere.Browser.SignInAsync(tenant.Owner, Ct)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await elsewhere.SignInAsync(Ct)).StatusCode);

        using var guessing = browser.Elsewhere();
        for (var i = 0; i < ThrottleRule.Passkeys.FreeTries; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await guessing.AnswerAsync([], Ct)).StatusCode);
        var waits = await guessing.SignInAsync(Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, waits.StatusCode);
        Assert.NotNull(waits.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Redirect, (await guessing.Browser.SignInAsync(tenant.Owner, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    public async Task It_leads_to_no_other_host(string returnTo)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();

        Assert.Equal("/", await LocationAsync(await elsewhere.SignInAsync(Ct, returnTo)));
    }

    [Fact]
    public async Task Whose_password_came_from_somebody_else_gets_the_page_for_a_new_one_by_passkey_too()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await db.Users.Where(member => member.Id == tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(member => member.MustChangePassword, true), Ct);
        }

        using var elsewhere = browser.Elsewhere();
        Assert.Equal("/password", await LocationAsync(await elsewhere.SignInAsync(Ct, "/upload")));
        Assert.Equal(HttpStatusCode.Forbidden, (await elsewhere.Browser.GetAsync("/api/v1/recordings", Ct)).StatusCode);
    }

    [Fact]
    public async Task Who_belongs_to_no_tenant_any_more_is_not_let_in()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, member, Ct);
        await Members.MembershipsOf.EndAsync(tenant, member, Ct);
        using var elsewhere = browser.Elsewhere();

        Assert.Equal("passkey-refused", await SharedLink.SlugAsync(await elsewhere.SignInAsync(Ct), Ct));
    }

    [Fact]
    public async Task A_passkey_shown_again_makes_an_old_sign_in_new_and_a_strangers_does_not()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var other = await tenant.AddAsync(Role.Admin, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var strangers = await PasskeyBrowser.WithPasskeyAsync(Vault, other, Ct);
        clocked.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await MakeTokenAsync(browser)).StatusCode);

        var challenge = await browser.AskAsync(PasskeyBrowser.Again, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.AnswerAsync(strangers.Authenticator.Answer(challenge), Ct, path: PasskeyBrowser.Again)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await MakeTokenAsync(browser)).StatusCode);
        var before = browser.Browser.Cookie(SessionCookie.Name);
        var shown = await browser.SignInAsync(Ct, "/upload", PasskeyBrowser.Again);

        Assert.Equal("/upload", await LocationAsync(shown));
        Assert.NotEqual(before, browser.Browser.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.Created, (await MakeTokenAsync(browser)).StatusCode);
    }

    [Fact]
    public async Task A_browser_that_opened_the_vault_by_a_number_is_told_that_passkeys_need_its_name()
    {
        using var browser = new PasskeyBrowser(Vault);
        using var request = new HttpRequestMessage(HttpMethod.Post, PasskeyBrowser.Door + "/options") { Content = JsonContent.Create(new { }) };
        request.Headers.Host = $"127.0.0.1:{Vault.Address.Port}";
        request.Headers.Add("RequestVerificationToken", await browser.Browser.TokenAsync("/signin", Ct));

        Assert.Equal("passkeys-need-name", await SharedLink.SlugAsync(await browser.Browser.SendAsync(request, Ct), Ct));
    }

    private static Task<HttpResponseMessage> MakeTokenAsync(PasskeyBrowser browser) => browser.SendAsync("/api/v1/tokens", new { name = "night script", days = 1 }, Ct);

    private static async Task<string?> LocationAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("location").GetString();

    private static async Task<List<Session>> SessionsAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking()
            .Where(session => session.MemberId == tenant.Owner.Id && session.EndedAt == null).OrderBy(session => session.Id).ToListAsync(Ct);
    }
}
