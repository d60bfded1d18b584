using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class SessionTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_ends_after_12_hours_without_a_request_and_after_7_days_in_any_case()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        using var idle = new TestBrowser(vault);
        using var busy = new TestBrowser(vault);
        await idle.SignInAsync(tenant.Owner, Ct);
        await busy.SignInAsync(tenant.Owner, Ct);

        clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await idle.GetAsync("/api/v1/tenant", Ct)).StatusCode);

        for (var hours = 12; hours < 7 * 24 - 11; hours += 11)
        {
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/v1/tenant", Ct)).StatusCode);
            clock.Advance(TimeSpan.FromHours(11));
        }

        clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.Unauthorized, (await busy.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_page_that_fetches_itself_by_the_clock_keeps_no_session_alive()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, await PollAsync());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await PollAsync());

        async Task<HttpStatusCode> PollAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenant") { Headers = { { SessionReading.UnattendedHeader, "1" } } };
            return (await browser.SendAsync(request, Ct)).StatusCode;
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_good_and_asks_the_browser_to_forget()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var secret = browser.Cookie(SessionCookie.Name)!;

        var answer = await browser.PostFormAsync("/signout", [], Ct, page: "/password");

        Assert.Equal("/signin?signedOut=true", answer.Headers.Location!.OriginalString);
        Assert.Equal("\"cache\", \"storage\"", answer.Headers.GetValues("Clear-Site-Data").Single());
        Assert.Null(browser.Cookie(SessionCookie.Name));
        browser.SetCookie(SessionCookie.Name, secret);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("member.signed-out", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_changed_role_counts_with_the_next_request()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(member, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/api/v1/audit/events", Ct)).StatusCode);
        await MembershipsOf.ChangeRoleAsync(tenant, member, Role.Auditor, Ct);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/audit/events", Ct)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_cookie_is_nobody(string value)
    {
        using var browser = new TestBrowser(shared.Vault);
        browser.SetCookie(SessionCookie.Name, value);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task Without_a_session_a_page_leads_to_the_door_and_back()
    {
        using var browser = new TestBrowser(shared.Vault);

        var answer = await browser.GetAsync("/password", Ct);

        Assert.Equal("/signin?returnTo=%2Fpassword", answer.Headers.Location!.OriginalString);
        using var filtered = await new TestBrowser(shared.Vault).GetAsync("/audit?outcome=refused&cursor=x", Ct);
        Assert.Equal("/signin?returnTo=%2Faudit%3Foutcome%3Drefused%26cursor%3Dx", filtered.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_member_of_two_tenants_hears_in_both_and_works_in_the_first()
    {
        var first = await TestTenant.CreateAsync(shared.Vault, Ct);
        var second = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using (var scope = second.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<RecordingVault.Server.Data.VaultDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            await scope.ServiceProvider.GetRequiredService<MemberCreation>().JoinAsync(first.Owner.Id, Role.Viewer, Actor.System, Ct);
            await db.SaveChangesAsync(Ct);
            await transaction.CommitAsync(Ct);
        }

        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(first.Owner, Ct);

        Assert.Contains(first.Id.ToString(), await (await browser.GetAsync("/api/v1/tenant", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("member.signed-in", await first.EventTypesAsync(Ct));
        Assert.Contains("member.signed-in", await second.EventTypesAsync(Ct));
    }
}
