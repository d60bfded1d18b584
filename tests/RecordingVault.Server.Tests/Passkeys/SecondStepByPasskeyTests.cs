using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>The second step of a member who has passkeys alone.</summary>
public sealed partial class SecondStepByPasskeyTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => clocked.Vault;

    [Fact]
    public async Task A_password_alone_opens_nothing_where_there_is_a_passkey_and_the_passkey_is_the_second_step()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var elsewhere = browser.Elsewhere();

        var half = await elsewhere.Browser.SignInAsync(tenant.Owner, Ct, "/upload");
        var page = await (await elsewhere.Browser.GetAsync(SignIn.CodePath, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal(SignIn.CodePath, half.Headers.Location!.OriginalString);
        Assert.Null(elsewhere.Browser.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("Use your passkey", page, StringComparison.Ordinal);
        Assert.Contains("data-return-to=\"/upload\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.Browser.PostFormAsync(SignIn.CodePath, [("code", "123456")], Ct)).StatusCode);

        Assert.Equal("/upload", await LocationAsync(await elsewhere.SignInAsync(Ct, "/upload")));

        Assert.Null(elsewhere.Browser.Cookie(HalfSignIns.CookieName));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task Where_the_passkey_is_lost_a_recovery_code_is_the_second_step_at_the_door_and_at_the_step_up()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        var made = await browser.Browser.PostFormAsync("/settings/security/recovery-codes", [], Ct, page: "/settings/security");
        var codes = Code().Matches(await made.Content.ReadAsStringAsync(Ct)).Select(match => match.Groups[1].Value).ToList();
        using var lost = new TestBrowser(Vault);
        await lost.SignInAsync(tenant.Owner, Ct, "/upload");

        var opened = await lost.PostFormAsync(SignIn.CodePath, [("code", codes[0]), ("recovery", "true")], Ct);
        var withoutCode = await lost.PostFormAsync("/signin/again", [("password", tenant.Owner.Password), ("returnTo", "/upload")], Ct);
        var withCode = await lost.PostFormAsync("/signin/again", [("password", tenant.Owner.Password), ("code", codes[1]), ("returnTo", "/upload")], Ct);

        Assert.Equal("/upload", opened.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, withoutCode.StatusCode);
        Assert.Equal("/upload", withCode.Headers.Location!.OriginalString);
    }

    [GeneratedRegex("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>")]
    private static partial Regex Code();

    private static async Task<string?> LocationAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("location").GetString();
}
