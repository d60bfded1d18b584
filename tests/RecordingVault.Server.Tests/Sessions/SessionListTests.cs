using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sessions;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Server.Tests.Passkeys;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sessions;

/// <summary>Where a member is signed in, and how he ends it.</summary>
public sealed partial class SessionListTests(ClockedVault vault) : PlayingTests(vault)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    private const string Sessions = "/api/v1/sessions";

    [Fact]
    public async Task A_member_sees_each_browser_where_and_by_what_he_signed_in_and_which_is_this_one()
    {
        using var here = new TestBrowser(Vault.Vault);
        await here.SignInAsync(Tenant.Owner, Cancel);
        Assert.Equal("password", (await ListAsync(here)).Single().GetProperty("method").GetString());
        using var phone = await PasskeyBrowser.WithPasskeyAsync(Vault.Vault, Tenant.Owner, Cancel);
        var codes = await phone.Browser.PostFormAsync("/settings/security/recovery-codes", [], Cancel, page: "/settings/security");
        var code = RecoveryCode().Match(await codes.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
        using var there = phone.Elsewhere();
        there.Browser.UserAgent = Firefox;
        await here.SignInAsync(Tenant.Owner, Cancel);
        await here.PostFormAsync("/signin/code", [("code", code), ("recovery", "true")], Cancel);
        await there.SignInAsync(Cancel);

        var sessions = await ListAsync(there.Browser);

        Assert.Equal(3, sessions.Count);
        Assert.True(sessions[0].GetProperty("current").GetBoolean());
        Assert.Equal("Firefox on Linux", sessions[0].GetProperty("browser").GetString());
        Assert.Equal("passkey", sessions[0].GetProperty("method").GetString());
        Assert.Equal(there.Browser.Address, sessions[0].GetProperty("address").GetString());
        Assert.All(sessions.Skip(1), session => Assert.False(session.GetProperty("current").GetBoolean()));
        Assert.Contains(sessions, session => session.GetProperty("method").GetString() == "two-factors" && session.GetProperty("address").GetString() == here.Address);
        var page = await (await there.Browser.GetAsync("/settings/security", Cancel)).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Firefox on Linux", page, StringComparison.Ordinal);
        Assert.Contains(here.Address, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_goes_on_behind_its_cursor_which_is_good_for_its_member_alone()
    {
        using var first = new TestBrowser(Vault.Vault);
        using var second = new TestBrowser(Vault.Vault);
        using var third = new TestBrowser(Vault.Vault);
        foreach (var browser in new[] { first, second, third })
            await browser.SignInAsync(Tenant.Owner, Cancel);
        var viewer = await Tenant.AddAsync(Role.Viewer, Cancel);
        using var other = new TestBrowser(Vault.Vault);
        await other.SignInAsync(viewer, Cancel);

        var page = await JsonAsync(third, $"{Sessions}?limit=2");
        var cursor = page.GetProperty("nextCursor").GetString()!;
        var rest = await JsonAsync(third, $"{Sessions}?limit=2&cursor={cursor}");

        Assert.Equal(3, page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextCursor").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.GetAsync($"{Sessions}?cursor={cursor}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await third.GetAsync($"{Sessions}?limit=201", Cancel)).StatusCode);
    }

    private static async Task<JsonElement> JsonAsync(TestBrowser browser, string path) =>
        (await (await browser.GetAsync(path, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel)).Clone();

    [Fact]
    public async Task Browser_and_address_stand_sealed_in_the_row()
    {
        using var browser = new TestBrowser(Vault.Vault) { UserAgent = Firefox };
        await browser.SignInAsync(Tenant.Owner, Cancel);

        await using var scope = Tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking().SingleAsync(session => session.MemberId == Tenant.Owner.Id, Cancel);

        Assert.True(row.UserAgent!.Value.Bytes.Span.IndexOf("Firefox"u8) < 0);
        Assert.True(row.Address!.Value.Bytes.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes(browser.Address)) < 0);
    }

    [Fact]
    public async Task A_session_that_is_ended_elsewhere_is_over_with_its_next_request_and_its_streams_and_pages_stop()
    {
        var recording = await PutAsync();
        using var here = new TestBrowser(Vault.Vault);
        using var there = new TestBrowser(Vault.Vault);
        await here.SignInAsync(Tenant.Owner, Cancel);
        await there.SignInAsync(Tenant.Owner, Cancel);
        var cookie = $"Cookie: {SessionCookie.Name}={there.Cookie(SessionCookie.Name)}";
        await using var reader = await SlowReader.GetAsync(Vault.Vault.Address, recording.Path + "/content", cookie, Cancel);
        await reader.ReadAsync(Beginning, Cancel);
        using var listening = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/events");
        listening.Headers.Add("Cookie", $"{SessionCookie.Name}={there.Cookie(SessionCookie.Name)}");
        using var client = Vault.Vault.Client();
        using var events = await client.SendAsync(listening, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await Vault.PassAsync(1, Cancel);

        var ended = await here.SendJsonAsync(HttpMethod.Delete, $"{Sessions}/{await OtherIdAsync(here)}", null, Cancel);
        await Vault.PassAsync(2, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("\"reason\":\"sign-in-needed\"", await events.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("session.ended", await Tenant.EventTypesAsync(Cancel));
        Assert.Single(await ListAsync(here));
    }

    [Fact]
    public async Task A_session_in_another_tenant_ends_there_and_that_tenant_hears_of_it()
    {
        var second = await TestTenant.CreateAsync(Vault.Vault, Cancel);
        var member = await second.AddAsync(Role.Viewer, Cancel);
        using var there = new TestBrowser(Vault.Vault);
        await there.SignInAsync(member, Cancel);
        await MembershipsOf.JoinAsync(Tenant, member, Role.Viewer, Cancel);
        using var here = new TestBrowser(Vault.Vault);
        await here.SignInAsync(member, Cancel);
        await using (var scope = Tenant.Enter())
        {
            var id = (await ListAsync(here))[0].GetProperty("id").GetGuid();
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.Where(session => session.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.TenantId, Tenant.Id), Cancel);
            // Read anew, in the tenant that it works in now.
            Vault.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        var answer = await here.PostFormAsync($"/settings/security/sessions/{await OtherIdAsync(here)}/end", [], Cancel, page: "/settings/security");

        Assert.Equal("/settings/security", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        Assert.Contains("session.ended", await second.EventTypesAsync(Cancel));
        Assert.DoesNotContain("session.ended", await Tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task All_others_end_at_once_and_this_one_goes_on()
    {
        using var here = new TestBrowser(Vault.Vault);
        await here.SignInAsync(Tenant.Owner, Cancel);
        using var one = new TestBrowser(Vault.Vault);
        using var two = new TestBrowser(Vault.Vault);
        await one.SignInAsync(Tenant.Owner, Cancel);
        await two.SignInAsync(Tenant.Owner, Cancel);

        await here.PostFormAsync("/settings/security/sessions/end-others", [], Cancel, page: "/settings/security");

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        foreach (var other in new[] { one, two })
            Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        Assert.Equal(2, (await Tenant.EventTypesAsync(Cancel)).Count(type => type == "session.ended"));
    }

    [Fact]
    public async Task What_ran_out_or_was_ended_is_not_listed()
    {
        using var old = new TestBrowser(Vault.Vault);
        await old.SignInAsync(Tenant.Owner, Cancel);
        using var gone = new TestBrowser(Vault.Vault);
        await gone.SignInAsync(Tenant.Owner, Cancel);
        await gone.PostFormAsync("/signout", [], Cancel, page: "/password");
        Vault.Clock.Advance(Session.IdleLimit);
        using var here = new TestBrowser(Vault.Vault);
        await here.SignInAsync(Tenant.Owner, Cancel);

        Assert.Single(await ListAsync(here));
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another_not_even_an_owner()
    {
        var member = await Tenant.AddAsync(Role.Viewer, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        using var owner = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(member, Cancel);
        await owner.SignInAsync(Tenant.Owner, Cancel);
        var id = (await ListAsync(browser))[0].GetProperty("id").GetGuid();

        Assert.Equal(HttpStatusCode.NotFound, (await owner.SendJsonAsync(HttpMethod.Delete, $"{Sessions}/{id}", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostFormAsync($"/settings/security/sessions/{id}/end", [], Cancel, page: "/settings/security")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Cancel)).StatusCode);
        Assert.Single(await ListAsync(owner));
    }

    [Fact]
    public async Task A_token_neither_lists_nor_ends_sessions()
    {
        var client = await Tenant.ClientAsync(Role.Owner, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(Sessions, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.DeleteAsync($"{Sessions}/{Guid.NewGuid()}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/settings/security/sessions/end-others", null, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "Safari on an iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "Safari on a Mac")]
    [InlineData("curl/8.5.0", "A program that did not say which")]
    [InlineData(null, "A program that did not say which")]
    public void A_browser_is_named_in_plain_words(string? userAgent, string words) => Assert.Equal(words, BrowserWords.Of(userAgent));

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync(Sessions, Cancel);
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("items").EnumerateArray().Select(session => session.Clone())];
    }

    private static async Task<Guid> OtherIdAsync(TestBrowser browser) =>
        (await ListAsync(browser)).Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();

    [GeneratedRegex("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>")]
    private static partial Regex RecoveryCode();
}
