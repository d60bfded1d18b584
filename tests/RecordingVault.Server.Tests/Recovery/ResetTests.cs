using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>A forgotten password, by a letter to the account's own address.</summary>
public sealed class ResetTests : IAsyncLifetime
{
    private const string NewPassword = "seven quiet otters swim";

    private MailSink sink = null!;
    private MailingVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sink = await MailSink.StartAsync();
        vault = await MailingVault.StartAsync(sink.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task A_letter_brings_a_link_that_sets_a_new_password_and_ends_all_sessions()
    {
        var (tenant, other) = await Reached.InTwoAsync(vault.Vault, Ct);
        using var before = new TestBrowser(vault.Vault);
        await before.SignInAsync(tenant.Owner, Ct);

        var link = await LinkAsync(tenant.Owner.Email);
        using var browser = new TestBrowser(vault.Vault);
        using var done = await SetAsync(browser, link, NewPassword);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        using var ended = await before.GetAsync("/settings/profile", Ct);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        using var old = await browser.SignInAsync(tenant.Owner, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        using var signedIn = await browser.SignInAsync(tenant.Owner with { Password = NewPassword }, Ct);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        foreach (var log in new[] { tenant, other })
        {
            Assert.True(await log.HasEventAsync("password.reset-asked", tenant.Owner.Id, Ct));
            Assert.True(await log.HasEventAsync("password.reset", tenant.Owner.Id, Ct));
        }

        await vault.SendAsync(Ct);
        Assert.Equal("Your password was reset", (await sink.NextAsync(Ct)).Message.Subject);
    }

    [Fact]
    public async Task A_link_is_good_once()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var link = await LinkAsync(tenant.Owner.Email);
        using var browser = new TestBrowser(vault.Vault);
        (await SetAsync(browser, link, NewPassword)).EnsureSuccessStatusCode();

        using var again = await SetAsync(browser, link, "eight loud otters sleep");

        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Fact]
    public async Task Looking_at_the_page_and_a_refused_password_use_nothing_up()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var link = await LinkAsync(tenant.Owner.Email);
        using var browser = new TestBrowser(vault.Vault);
        await browser.GetAsync("/reset", Ct);
        using var refused = await SetAsync(browser, link, "short");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(link, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var done = await SetAsync(browser, link, NewPassword);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task A_newer_link_an_hour_and_a_changed_password_end_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        var first = await LinkAsync(tenant.Owner.Email);
        var second = await LinkAsync(tenant.Owner.Email);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(browser, first, NewPassword)).StatusCode);

        vault.Clock.Advance(PasswordReset.Life);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(browser, second, NewPassword)).StatusCode);

        var third = await LinkAsync(tenant.Owner.Email);
        using var owner = new TestBrowser(vault.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        await owner.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "nine brown otters dive")], Ct);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(browser, third, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task A_stranger_who_asks_for_a_letter_ends_no_link_that_was_made_to_be_handed_over()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = new TestBrowser(vault.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        using var made = await owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{member.Id}/reset-link", null, Ct);
        var handed = (await made.Content.ReadAsStringAsync(Ct)).Split('#')[1].Split('"')[0];

        var mailed = await LinkAsync(member.Email);
        using var browser = new TestBrowser(vault.Vault);
        using var done = await SetAsync(browser, handed, NewPassword);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        // One that was used ends all others.
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(browser, mailed, "eight loud otters sleep")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AZrWPkX0cfqJm6QbYx3d7w.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_link_gets_the_same_answer(string link)
    {
        using var browser = new TestBrowser(vault.Vault);

        using var answer = await SetAsync(browser, link, NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("This link does not work any more.", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_links_secret_opens_nothing()
    {
        var (one, other) = (await TestTenant.CreateAsync(vault.Vault, Ct), await TestTenant.CreateAsync(vault.Vault, Ct));
        var (ones, others) = (await LinkAsync(one.Owner.Email), await LinkAsync(other.Owner.Email));
        using var browser = new TestBrowser(vault.Vault);

        using var answer = await SetAsync(browser, $"{ones.Split('.')[0]}.{others.Split('.')[1]}", NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_answer_does_not_tell_whether_there_is_an_account()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var pages = new List<string>();
        foreach (var email in new[] { tenant.Owner.Email, $"nobody-{Guid.NewGuid():N}@example.com" })
        {
            using var browser = new TestBrowser(vault.Vault);
            using var answer = await browser.PostFormAsync("/forgotten", [("email", email)], Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            pages.Add(Reached.WithoutTokens(await answer.Content.ReadAsStringAsync(Ct)));
        }

        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public async Task Who_asks_often_waits_whether_there_is_an_account_or_not()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        foreach (var email in new[] { tenant.Owner.Email, $"nobody-{Guid.NewGuid():N}@example.com" })
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 4; i++)
            {
                using var browser = new TestBrowser(vault.Vault); // from elsewhere each time
                using var answer = await browser.PostFormAsync("/forgotten", [("email", email)], Ct);
                answers.Add(answer.StatusCode);
            }

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
        }
    }

    [Fact]
    public async Task In_German_where_the_browser_asks_for_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forgotten");
        request.Headers.TryAddWithoutValidation("Accept-Language", "de");
        using var answer = await vault.Vault.Bare.SendAsync(request, Ct);

        Assert.Contains("Ein neues Passwort", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_mail_the_page_says_who_makes_a_link()
    {
        await using var silent = await MailingVault.StartAsync(25, settings: [("Host", null), ("Port", null), ("From", null)]);
        var tenant = await TestTenant.CreateAsync(silent.Vault, Ct);
        using var browser = new TestBrowser(silent.Vault);

        using var page = await browser.GetAsync("/forgotten", Ct);
        using var sent = await silent.Vault.Bare.GetAsync("/forgotten", Ct);

        Assert.Contains("This vault sends no mail.", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await using var scope = tenant.Enter();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PasswordResets.ToListAsync(Ct));
    }

    private Task<HttpResponseMessage> SetAsync(TestBrowser browser, string link, string password) =>
        browser.PostFormAsync("/reset", [("link", link), ("newPassword", password)], Ct);

    private async Task<string> LinkAsync(string email)
    {
        using var browser = new TestBrowser(vault.Vault);
        (await browser.PostFormAsync("/forgotten", [("email", email)], Ct)).EnsureSuccessStatusCode();
        return await Reached.LinkAsync(vault, sink, "reset", Ct);
    }
}
