using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Passkeys;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Operators;

/// <summary>The operator's door by passkey, and all that must not open it.</summary>
public sealed class OperatorPasskeyTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private const string Door = "/operator/signin/passkey";
    private const string Own = "/operator/security/passkeys";
    private const string Page = "/operator/security";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => clocked.Vault;

    [Fact]
    public async Task A_passkey_opens_the_door_without_name_password_or_code_and_leads_to_operators_pages_only()
    {
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        using var elsewhere = new TestBrowser(Vault, isOperators: true);

        using var answer = await SignInAsync(elsewhere, device, "/operator/versions");
        using var strayed = await SignInAsync(elsewhere, device, "//evil.example/operator");

        Assert.Equal("/operator/versions", await LocationAsync(answer));
        Assert.Equal("/operator", await LocationAsync(strayed));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/operator/versions", Ct)).StatusCode);
        Assert.Contains("Key on my ring", await TextAsync(await first.GetAsync(Page, Ct)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_without_finger_face_or_pin_is_neither_added_nor_accepted()
    {
        using var device = Device();
        using var browser = await (await TestOperator.CreateAsync(Vault, Ct)).EnterAsync(Ct);
        device.VerifiesPerson = false;
        Assert.Equal("passkey-refused", await SlugAsync(await AddAsync(browser, device)));
        device.VerifiesPerson = true;
        (await AddAsync(browser, device)).EnsureSuccessStatusCode();
        device.VerifiesPerson = false;
        using var elsewhere = new TestBrowser(Vault, isOperators: true);

        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(elsewhere, device)));
        Assert.Null(elsewhere.Cookie(OperatorCookie.Name));
    }

    [Fact]
    public async Task The_same_answer_is_not_taken_twice_however_often_its_cookie_comes()
    {
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        using var elsewhere = new TestBrowser(Vault, isOperators: true);
        var answer = device.Answer(await AskAsync(elsewhere, Door));
        using var thief = new TestBrowser(Vault, isOperators: true);
        thief.SetCookie(PasskeyChallenges.CookieName, elsewhere.Cookie(PasskeyChallenges.CookieName)!);

        (await SendAsync(elsewhere, answer)).EnsureSuccessStatusCode();

        Assert.Equal("passkey-challenge-over", await SlugAsync(await SendAsync(thief, answer)));
        Assert.Null(thief.Cookie(OperatorCookie.Name));
    }

    [Fact]
    public async Task A_challenge_ends_after_five_minutes_and_is_good_for_its_own_purpose_alone()
    {
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        var forAdding = await AskAsync(first, Own);
        Assert.Equal("passkey-challenge-over", await SlugAsync(await SendAsync(first, device.Answer(forAdding))));
        using var late = new TestBrowser(Vault, isOperators: true);
        var answer = device.Answer(await AskAsync(late, Door));

        clocked.Clock.Advance(PasskeyChallenges.Lifetime);

        Assert.Equal("passkey-challenge-over", await SlugAsync(await SendAsync(late, answer)));
    }

    [Theory]
    [InlineData("http://localhost:1", "localhost")]
    [InlineData("https://evil.example", "localhost")]
    [InlineData(null, "evil.example")]
    public async Task A_page_that_is_not_the_listeners_gets_no_session(string? origin, string domain)
    {
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        using var elsewhere = new TestBrowser(Vault, isOperators: true);
        device.Origin = origin ?? device.Origin;
        device.Domain = domain;

        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(elsewhere, device)));
    }

    [Fact]
    public async Task Another_device_that_claims_to_hold_it_and_a_copy_that_counts_lower_are_refused()
    {
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        using var imposter = device.Imposter();
        using var elsewhere = new TestBrowser(Vault, isOperators: true);
        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(elsewhere, imposter)));
        (await SignInAsync(elsewhere, device)).EnsureSuccessStatusCode();

        device.Counter--;

        using var third = new TestBrowser(Vault, isOperators: true);
        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(third, device)));
    }

    [Fact]
    public async Task A_members_passkey_opens_nothing_of_an_operators_nor_the_other_way_round()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var helen = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var device = Device();
        using var first = await EnterWithPasskeyAsync(device);
        using var stranger = new TestBrowser(Vault, isOperators: true);
        using var karl = new PasskeyBrowser(Vault) { Authenticator = device };
        helen.Authenticator.Origin = device.Origin;
        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(stranger, helen.Authenticator)));

        device.Origin = Vault.Address.GetLeftPart(UriPartial.Authority);

        Assert.Equal("passkey-refused", await SlugAsync(await karl.SignInAsync(Ct)));
        Assert.Equal(HttpStatusCode.NotFound, (await karl.SendAsync(Door + "/options", new { }, Ct)).StatusCode);
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_sign_in_of_the_last_ten_minutes_which_a_passkey_gives()
    {
        using var device = Device();
        using var browser = await EnterWithPasskeyAsync(device);
        var id = (await RowsAsync(device)).Single().Id;
        clocked.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        Assert.Equal("fresh-sign-in", await SlugAsync(await browser.SendJsonAsync(HttpMethod.Post, Own + "/options", new { }, Ct, Page)));
        var sent = await browser.PostFormAsync($"{Own}/{id}/remove", [], Ct, Page);
        Assert.Equal("/operator/signin?again=true&returnTo=%2Foperator%2Fsecurity", sent.Headers.Location?.OriginalString);
        Assert.Contains("Sign in again", await TextAsync(await browser.GetAsync(sent.Headers.Location!.OriginalString, Ct)), StringComparison.Ordinal);

        (await SignInAsync(browser, device)).EnsureSuccessStatusCode();

        Assert.Equal(Page, (await browser.PostFormAsync($"{Own}/{id}/remove", [], Ct, Page)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Removing_one_ends_every_other_session_and_it_opens_nothing_any_more()
    {
        using var device = Device();
        using var browser = await EnterWithPasskeyAsync(device);
        using var lost = new TestBrowser(Vault, isOperators: true);
        (await SignInAsync(lost, device)).EnsureSuccessStatusCode();
        var id = (await RowsAsync(device)).Single().Id;

        await browser.PostFormAsync($"{Own}/{id}/remove", [], Ct, Page);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Page, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await lost.GetAsync(Page, Ct)).StatusCode);
        using var again = new TestBrowser(Vault, isOperators: true);
        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(again, device)));
    }

    [Fact]
    public async Task Another_operators_passkey_is_not_there()
    {
        using var device = Device();
        using var karl = await EnterWithPasskeyAsync(device);
        using var other = await (await TestOperator.CreateAsync(Vault, Ct)).EnterAsync(Ct);
        var id = (await RowsAsync(device)).Single().Id;

        Assert.Equal(HttpStatusCode.NotFound, (await other.PostFormAsync($"{Own}/{id}/remove", [], Ct, Page)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostFormAsync($"{Own}/{id}/name", [("name", "Mine")], Ct, Page)).StatusCode);
        Assert.Single(await RowsAsync(device));
        Assert.Equal(Page, (await karl.PostFormAsync($"{Own}/{id}/name", [("name", "My phone")], Ct, Page)).Headers.Location?.OriginalString);
        Assert.Contains("My phone", await TextAsync(await karl.GetAsync(Page, Ct)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_password_was_printed_adds_none_before_he_has_his_own()
    {
        var op = await TestOperator.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault, isOperators: true);
        await op.SignInAsync(browser, Ct);

        var asked = await browser.SendJsonAsync(HttpMethod.Post, Own + "/options", new { }, Ct, "/operator/password");

        Assert.Equal("/operator/password", asked.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Ten_are_the_most_and_what_is_added_meanwhile_counts()
    {
        using var browser = await (await TestOperator.CreateAsync(Vault, Ct)).EnterAsync(Ct);
        for (var i = 1; i < Passkey.Most; i++)
        {
            using var one = Device();
            (await AddAsync(browser, one)).EnsureSuccessStatusCode();
        }

        using var tenth = Device();
        using var eleventh = Device();
        var made = eleventh.Create(await AskAsync(browser, Own));
        var cookie = browser.Cookie(PasskeyChallenges.CookieName)!;
        (await AddAsync(browser, tenth)).EnsureSuccessStatusCode();
        browser.SetCookie(PasskeyChallenges.CookieName, cookie);

        Assert.Equal("too-many-passkeys", await SlugAsync(await browser.SendJsonAsync(HttpMethod.Post, Own, new { name = "One more", credential = made }, Ct, Page)));
        Assert.Equal("too-many-passkeys", await SlugAsync(await browser.SendJsonAsync(HttpMethod.Post, Own + "/options", new { }, Ct, Page)));
    }

    [Fact]
    public async Task Made_up_answers_wait_longer_and_longer_and_passwords_do_not_wait_with_them()
    {
        var op = await TestOperator.CreateAsync(Vault, Ct);
        using var device = Device();
        using var browser = new TestBrowser(Vault, isOperators: true);
        for (var i = 0; i < ThrottleRule.Passkeys.FreeTries; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(browser, device)).StatusCode);

        using var waits = await SignInAsync(browser, device);

        Assert.Equal(HttpStatusCode.TooManyRequests, waits.StatusCode);
        Assert.NotNull(waits.Headers.RetryAfter);
        Assert.Equal("/operator/password", (await op.SignInAsync(browser, Ct)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Its_row_holds_no_name_and_goes_with_the_operator()
    {
        using var device = Device();
        var op = await TestOperator.CreateAsync(Vault, Ct);
        using var browser = await op.EnterAsync(Ct);
        (await AddAsync(browser, device)).EnsureSuccessStatusCode();
        var row = (await RowsAsync(device)).Single();
        Assert.DoesNotContain("Key on my ring", Encoding.Latin1.GetString(row.Name.Bytes.Span), StringComparison.Ordinal);

        await using var scope = Vault.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<OperatorDirectory>().RemoveAsync(op.Name, Ct));

        Assert.Empty(await RowsAsync(device));
        using var elsewhere = new TestBrowser(Vault, isOperators: true);
        Assert.Equal("passkey-refused", await SlugAsync(await SignInAsync(elsewhere, device)));
    }

    private TestAuthenticator Device() => new() { Origin = $"http://localhost:{Vault.Management!.Port}" };

    private async Task<TestBrowser> EnterWithPasskeyAsync(TestAuthenticator device)
    {
        var browser = await (await TestOperator.CreateAsync(Vault, Ct)).EnterAsync(Ct);
        (await AddAsync(browser, device)).EnsureSuccessStatusCode();
        return browser;
    }

    private static async Task<HttpResponseMessage> AddAsync(TestBrowser browser, TestAuthenticator device) =>
        await browser.SendJsonAsync(HttpMethod.Post, Own, new { name = "Key on my ring", credential = device.Create(await AskAsync(browser, Own)) }, Ct, Page);

    private static async Task<HttpResponseMessage> SignInAsync(TestBrowser browser, TestAuthenticator device, string returnTo = "/operator") =>
        await SendAsync(browser, device.Answer(await AskAsync(browser, Door)), returnTo);

    private static Task<HttpResponseMessage> SendAsync(TestBrowser browser, JsonObject credential, string returnTo = "/operator") =>
        browser.SendJsonAsync(HttpMethod.Post, Door, new { credential, returnTo }, Ct, "/operator/signin?again=true");

    private static async Task<JsonElement> AskAsync(TestBrowser browser, string path)
    {
        using var asked = await browser.SendJsonAsync(HttpMethod.Post, path + "/options", new { }, Ct, path == Own ? Page : "/operator/signin?again=true");
        asked.EnsureSuccessStatusCode();
        return (await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).Clone();
    }

    private async Task<IReadOnlyList<RecordingVault.Server.Features.Operators.Passkeys.OperatorPasskey>> RowsAsync(TestAuthenticator device)
    {
        await using var scope = Vault.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().OperatorPasskeys.AsNoTracking().Where(row => row.CredentialId == device.CredentialId).ToListAsync(Ct);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));

    private static async Task<string?> SlugAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString()?.Split('/')[^1];

    private static async Task<string?> LocationAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("location").GetString();
    }
}
