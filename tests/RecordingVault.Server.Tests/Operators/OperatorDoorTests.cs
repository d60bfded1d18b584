using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Operators;

/// <summary>Who gets in on the operator's listener, and for how long.</summary>
public sealed class OperatorDoorTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private readonly TestVault vault = clocked.Vault;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_signs_in_with_password_and_code_and_first_chooses_a_password_of_his_own()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        using var browser = new TestBrowser(vault, isOperators: true);

        var entered = await op.SignInAsync(browser, Ct);

        Assert.Equal("/operator/password", entered.Headers.Location?.OriginalString);
        Assert.Equal("/operator/password", (await browser.GetAsync("/operator/tenants", Ct)).Headers.Location?.OriginalString);
        Assert.Equal("/operator", (await op.ChangePasswordAsync(browser, "seven unusual teapots sing", Ct)).Headers.Location?.OriginalString);
        foreach (var page in new[] { "/operator", "/operator/jobs", "/operator/versions", "/operator/tenants" })
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(page, Ct)).StatusCode);
        using var again = new TestBrowser(vault, isOperators: true);
        Assert.Equal("/operator/versions", (await op.SignInAsync(again, Ct)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_change_of_password_is_no_sign_in()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        using var browser = await op.EnterAsync(Ct);
        clocked.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromMinutes(1));

        Assert.Equal("/operator", (await op.ChangePasswordAsync(browser, "nine quiet teapots hum", Ct)).Headers.Location?.OriginalString);
        var adds = await browser.SendJsonAsync(HttpMethod.Post, "/operator/security/passkeys/options", new { }, Ct, "/operator/security");

        Assert.Equal(HttpStatusCode.Forbidden, adds.StatusCode);
        clocked.Clock.Advance(OperatorSession.Lifetime - FreshSignIn.Limit - TimeSpan.FromMinutes(1));
        Assert.Equal("/operator/signin", (await browser.GetAsync("/operator", Ct)).Headers.Location?.OriginalString.Split('?')[0]);
    }

    [Fact]
    public async Task A_code_works_once_even_for_two_who_send_it_at_the_same_moment()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        var code = op.Phone.NextCode();
        var browsers = Enumerable.Range(0, 4).Select(_ => new TestBrowser(vault, isOperators: true)).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => op.SignInAsync(browser, Ct, code)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        using var later = new TestBrowser(vault, isOperators: true);
        Assert.Equal(HttpStatusCode.Unauthorized, (await op.SignInAsync(later, Ct, code)).StatusCode);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task The_answer_never_says_whether_name_password_or_code_was_wrong()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        (string Name, string Password, string Code)[] tries =
        [
            ("Nobody of this name", op.Password, op.Phone.NextCode()), (op.Name, "wrong horse battery", op.Phone.NextCode()), (op.Name, op.Password, "000000"), (op.Name, op.Password, ""),
        ];

        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, password, code) in tries)
        {
            using var browser = new TestBrowser(vault, isOperators: true);
            var answer = await browser.PostFormAsync("/operator/signin", [("name", name), ("password", password), ("code", code)], Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Null(browser.Cookie(OperatorCookie.Name));
            var page = await answer.Content.ReadAsStringAsync(Ct);
            answers.Add(page[page.IndexOf("role=\"alert\"", StringComparison.Ordinal)..page.IndexOf("for=\"name\"", StringComparison.Ordinal)]);
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Tries_are_counted_and_wait_longer_and_longer()
    {
        // A clock that stands: a wait that goes by while a busy machine checks a password is no wait.
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var standing = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var op = await TestOperator.CreateAsync(standing, Ct);
        using var browser = new TestBrowser(standing, isOperators: true);
        for (var i = 0; i < ThrottleRule.Network.FreeTries; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await op.SignInAsync(browser, Ct, "000000")).StatusCode);

        var answer = await op.SignInAsync(browser, Ct, op.Phone.SameCode());

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_members_session_or_token_opens_nothing_on_the_operators_listener_nor_an_operators_elsewhere()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        using var member = new TestBrowser(vault);
        await member.SignInAsync(tenant.Owner, Ct);
        using var browser = await (await TestOperator.CreateAsync(vault, Ct)).EnterAsync(Ct);
        using var withMembers = new TestBrowser(vault, isOperators: true);
        withMembers.SetCookie(SessionCookie.Name, member.Cookie(SessionCookie.Name)!);
        withMembers.SetCookie(OperatorCookie.Name, member.Cookie(SessionCookie.Name)!);
        using var withOperators = new TestBrowser(vault);
        withOperators.SetCookie(OperatorCookie.Name, browser.Cookie(OperatorCookie.Name)!);
        withOperators.SetCookie(SessionCookie.Name, browser.Cookie(OperatorCookie.Name)!);
        using var byToken = new HttpRequestMessage(HttpMethod.Get, "/operator/tenants");
        byToken.Headers.Authorization = new("Bearer", await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct));

        Assert.Equal("/operator/signin?returnTo=%2Foperator%2Ftenants", (await withMembers.GetAsync("/operator/tenants", Ct)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(byToken, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await withOperators.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.StartsWith("/signin?", (await withOperators.GetAsync("/", Ct)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await withOperators.GetAsync("/operator/tenants", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_idle_hours_and_after_a_day_at_most()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var moved = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var idle = await (await TestOperator.CreateAsync(moved, Ct)).EnterAsync(Ct);
        using var busy = await (await TestOperator.CreateAsync(moved, Ct)).EnterAsync(Ct);

        clock.Advance(TimeSpan.FromHours(11.9));
        Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/operator/versions", Ct)).StatusCode);
        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(HttpStatusCode.Redirect, (await idle.GetAsync("/operator/versions", Ct)).StatusCode);
        clock.Advance(TimeSpan.FromHours(11.5));
        Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/operator/versions", Ct)).StatusCode);
        clock.Advance(TimeSpan.FromHours(0.5));
        Assert.Equal(HttpStatusCode.Redirect, (await busy.GetAsync("/operator/versions", Ct)).StatusCode);
    }

    [Fact]
    public async Task Signing_out_a_new_password_and_removal_end_sessions_at_once()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        using var first = await op.EnterAsync(Ct);
        using var second = new TestBrowser(vault, isOperators: true);
        await op.SignInAsync(second, Ct);
        var stolen = second.Cookie(OperatorCookie.Name)!;

        Assert.Equal(HttpStatusCode.Redirect, (await second.PostFormAsync("/operator/signout", [], Ct, page: "/operator/versions")).StatusCode);
        second.SetCookie(OperatorCookie.Name, stolen);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/operator/versions", Ct)).StatusCode);
        await op.SignInAsync(second, Ct);
        await op.ChangePasswordAsync(second, "eight other kettles whistle", Ct);
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/operator/versions", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/operator/versions", Ct)).StatusCode);

        await using var scope = vault.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<OperatorDirectory>().RemoveAsync(op.Name.ToUpperInvariant(), Ct));
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/operator/versions", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_printed_password_ends_after_a_day_unless_it_was_changed()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var moved = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (late, early) = (await TestOperator.CreateAsync(moved, Ct), await TestOperator.CreateAsync(moved, Ct));
        using var entered = await early.EnterAsync(Ct);

        clock.Advance(Operator.PrintedPasswordLife);

        using var browser = new TestBrowser(moved, isOperators: true);
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.SignInAsync(browser, Ct)).StatusCode);
        Assert.Null(browser.Cookie(OperatorCookie.Name));
        Assert.Equal(HttpStatusCode.Redirect, (await early.SignInAsync(browser, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_post_from_another_site_or_port_changes_nothing()
    {
        using var browser = await (await TestOperator.CreateAsync(vault, Ct)).EnterAsync(Ct);
        browser.FetchSite = "same-site";

        Assert.NotEqual(HttpStatusCode.Redirect, (await browser.PostFormAsync("/operator/signout", [], Ct, page: "/operator/versions")).StatusCode);
        browser.FetchSite = "same-origin";
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/operator/versions", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_rows_name_no_operator_and_hold_no_seed()
    {
        var op = await TestOperator.CreateAsync(vault, Ct);
        await using var scope = vault.Services.CreateAsyncScope();
        var digest = Operator.Digest(scope.ServiceProvider.GetRequiredService<RecordingVault.Server.Features.Keys.VaultKeyring>().Vault, op.Name);
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Operators.AsNoTracking().SingleAsync(row => row.NameDigest == digest, Ct);

        var stored = Encoding.Latin1.GetString([.. row.Name.Bytes.Span, .. row.Email!.Value.Bytes.Span, .. row.Seed.Bytes.Span, .. row.NameDigest, .. Encoding.UTF8.GetBytes(row.PasswordHash)]);
        Assert.All(
            [op.Name, "karl@quillfeather.example", op.Password, TimeCode.Text(op.Phone.Seed), Encoding.Latin1.GetString(op.Phone.Seed)],
            secret => Assert.DoesNotContain(secret, stored, StringComparison.OrdinalIgnoreCase));
    }
}
