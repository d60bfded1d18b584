using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class SignInTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public async Task Whoever_may_only_read_the_log_is_led_to_it_from_home_and_still_refused_elsewhere()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var auditor = new TestBrowser(Vault);
        using var viewer = new TestBrowser(Vault);

        var entered = await auditor.SignInAsync(await tenant.AddAsync(Role.Auditor, Ct), Ct);
        await viewer.SignInAsync(await tenant.AddAsync(Role.Viewer, Ct), Ct);

        Assert.Equal("/", entered.Headers.Location?.OriginalString);
        Assert.Equal("/audit", (await auditor.GetAsync("/", Ct)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/audit", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync("/upload", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_right_password_opens_the_door_and_every_tenant_of_the_member_hears_of_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        var answer = await browser.SignInAsync(tenant.Owner, Ct, returnTo: "/upload");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/upload", answer.Headers.Location!.OriginalString);
        Assert.Contains(tenant.Name, await (await browser.GetAsync("/api/v1/tenant", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("member.signed-in", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task The_session_cookie_is_for_this_host_over_https_alone_and_no_script_reads_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        var answer = await browser.SignInAsync(tenant.Owner, Ct);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith(SessionCookie.Name + "=", StringComparison.Ordinal));
        var parts = cookie.Split("; ")[1..].Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal);
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], parts);
        Assert.Equal(43, browser.Cookie(SessionCookie.Name)!.Length);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_look_the_same()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        var wrong = await browser.PostFormAsync("/signin", [("email", tenant.Owner.Email), ("password", "not his password")], Ct);
        var unknown = await browser.PostFormAsync("/signin", [("email", "x" + tenant.Owner.Email[1..]), ("password", "not his password")], Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(Names(wrong), Names(unknown));
        Assert.Equal(
            WithoutSecrets(await wrong.Content.ReadAsStringAsync(Ct), tenant.Owner.Email),
            WithoutSecrets(await unknown.Content.ReadAsStringAsync(Ct), "x" + tenant.Owner.Email[1..]));
        Assert.Null(browser.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task A_refused_sign_in_stands_in_the_log_of_the_member_whose_account_was_tried()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        await browser.PostFormAsync("/signin", [("email", tenant.Owner.Email), ("password", "not his password")], Ct);

        // It is written after the answer: asking until it is there has an end in the test's own time limit.
        while (!(await tenant.EventTypesAsync(Ct)).Contains("member.sign-in-refused"))
            await Task.Yield();
        var refused = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "member.sign-in-refused");
        Assert.Equal("refused", refused.GetProperty("outcome").GetString());
        Assert.Equal("system", refused.GetProperty("actor").GetProperty("kind").GetString());
        Assert.Equal(tenant.Owner.Id, refused.GetProperty("target").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task An_address_is_found_however_it_is_written()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        var answer = await browser.PostFormAsync("/signin", [("email", " " + tenant.Owner.Email.ToUpperInvariant()), ("password", tenant.Owner.Password)], Ct);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/%2Fevil.example")]
    [InlineData("/%5Cevil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    public async Task Signing_in_leads_to_no_other_host(string returnTo)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        var answer = await browser.SignInAsync(tenant.Owner, Ct, returnTo);

        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Signing_in_again_gives_a_new_secret_and_ends_the_old_session()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var before = browser.Cookie(SessionCookie.Name)!;

        // The page of somebody signed in leads home at once, so the form comes from the page of the password.
        await browser.PostFormAsync("/signin", [("email", tenant.Owner.Email), ("password", tenant.Owner.Password)], Ct, page: "/password");

        using var other = new TestBrowser(Vault);
        other.SetCookie(SessionCookie.Name, before);
        Assert.NotEqual(before, browser.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_multipart_form_is_not_read()
    {
        using var browser = new TestBrowser(Vault);
        using var form = new MultipartFormDataContent { { new StringContent(await browser.TokenAsync("/signin", Ct)), "__RequestVerificationToken" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = form };

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(request, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("/theme")]
    [InlineData("/signin")]
    public async Task A_multipart_form_is_not_read_either_where_no_token_of_a_page_is_asked(string path)
    {
        using var browser = new TestBrowser(Vault);
        using var form = new MultipartFormDataContent { { new StringContent("dark"), "theme" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Add("Authorization", "Bearer nobody");

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(request, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_form_longer_than_64_KiB_is_refused()
    {
        using var browser = new TestBrowser(Vault);

        var answer = await browser.PostFormAsync("/signin", [("email", new string('e', 70_000)), ("password", "x")], Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_role_that_ended_is_no_role()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(member, Ct);

        await MembershipsOf.EndAsync(tenant, member, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        using var again = new TestBrowser(Vault);
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.SignInAsync(member, Ct)).StatusCode);
    }

    private static IEnumerable<string> Names(HttpResponseMessage answer) => answer.Headers.Select(header => header.Key).Order(StringComparer.Ordinal);

    private static string WithoutSecrets(string page, string email) =>
        System.Text.RegularExpressions.Regex.Replace(page, "\"CfDJ8[^\"]+\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).Replace(email, "", StringComparison.Ordinal);
}
