using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>What a member does with his own passkeys.</summary>
public sealed class PasskeyTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => clocked.Vault;

    [Fact]
    public void Both_databases_have_a_table_for_passkeys()
    {
        using var sqlite = new SqliteDesign().CreateDbContext([]);
        using var npgsql = new NpgsqlDesign().CreateDbContext([]);
        using var scope = Vault.Services.CreateScope();

        foreach (var db in new VaultDbContext[] { sqlite, npgsql, scope.ServiceProvider.GetRequiredService<VaultDbContext>() })
            Assert.Equal("member_passkeys", db.Model.FindEntityType(typeof(IdentityUserPasskey<Guid>))?.GetTableName());
    }

    [Fact]
    public async Task A_passkey_is_added_and_stands_on_the_page_with_its_name_and_every_tenant_hears_of_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var second = await TestTenant.CreateAsync(Vault, Ct);
        await MembershipsOf.JoinAsync(second, tenant.Owner, Role.Viewer, Ct);
        using var other = new TestBrowser(Vault);
        await other.SignInAsync(tenant.Owner, Ct);

        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct, "Key on my ring");

        Assert.Contains("Key on my ring", await PageAsync(browser), StringComparison.Ordinal);
        Assert.Contains("passkey.added", await tenant.EventTypesAsync(Ct));
        Assert.Contains("passkey.added", await second.EventTypesAsync(Ct));
        // What was open without it is over.
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_fresh_sign_in()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        var id = await IdAsync(browser);
        var begun = new { name = "Another", credential = browser.Authenticator.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct)) };
        clocked.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(await browser.SendAsync(PasskeyBrowser.Own + "/options", new { }, Ct), Ct));
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(await browser.SendAsync(PasskeyBrowser.Own, begun, Ct), Ct));
        var removed = await PostAsync(browser, id, "remove");

        Assert.Equal("/signin/again?returnTo=%2Fsettings%2Fsecurity", removed.Headers.Location!.OriginalString);
        Assert.Equal(id, await IdAsync(browser));
    }

    [Fact]
    public async Task A_new_passkey_is_asked_to_stay_in_the_device_and_to_verify_the_person_for_this_vaults_name()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);

        var asked = await browser.AskAsync(PasskeyBrowser.Own, Ct);

        var wanted = asked.GetProperty("authenticatorSelection");
        Assert.Equal("required", wanted.GetProperty("residentKey").GetString());
        Assert.Equal("required", wanted.GetProperty("userVerification").GetString());
        Assert.Equal("localhost", asked.GetProperty("rp").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_token_has_nothing_to_do_with_passkeys()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var client = await tenant.ClientAsync(Role.Owner, Ct);

        foreach (var path in new[] { PasskeyBrowser.Again + "/options", PasskeyBrowser.Again, PasskeyBrowser.Own + "/options", PasskeyBrowser.Own, $"{PasskeyBrowser.Own}/{Guid.NewGuid()}/name", $"{PasskeyBrowser.Own}/{Guid.NewGuid()}/remove" })
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync(path, new { }, Ct)).StatusCode);
    }

    [Fact]
    public async Task What_stands_in_the_rows_names_nobody_and_no_device()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct, "Quillfeather's phone");
        await browser.Elsewhere().SignInAsync(Ct);

        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var row = await db.Set<IdentityUserPasskey<Guid>>().AsNoTracking().SingleAsync(passkey => passkey.UserId == tenant.Owner.Id, Ct);
        var own = await db.Passkeys.AsNoTracking().SingleAsync(passkey => passkey.MemberId == tenant.Owner.Id, Ct);

        Assert.Null(row.Data.Name);
        var words = Encoding.UTF8.GetString([.. row.Data.AttestationObject, .. row.Data.ClientDataJson, .. own.Name.Bytes.Span]);
        Assert.All(["Quillfeather", tenant.Owner.Email, tenant.Owner.Name], word => Assert.DoesNotContain(word, words, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("person")]
    [InlineData("origin")]
    [InlineData("domain")]
    public async Task What_was_made_without_the_person_or_for_another_site_is_not_added(string wrong)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new PasskeyBrowser(Vault);
        await browser.Browser.SignInAsync(tenant.Owner, Ct);
        browser.Authenticator.VerifiesPerson = wrong != "person";
        browser.Authenticator.Origin = wrong == "origin" ? "https://evil.example" : browser.Authenticator.Origin;
        browser.Authenticator.Domain = wrong == "domain" ? "evil.example" : browser.Authenticator.Domain;

        Assert.Equal("passkey-refused", await SharedLink.SlugAsync(await browser.AddAsync(Ct), Ct));
        Assert.DoesNotContain("passkey.added", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_one_member_began_another_does_not_finish_at_the_same_browser()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var browser = new PasskeyBrowser(Vault);
        await browser.Browser.SignInAsync(tenant.Owner, Ct);
        var credential = browser.Authenticator.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct));
        await browser.Browser.PostFormAsync("/signin", [("email", member.Email), ("password", member.Password)], Ct, page: "/password");

        var answer = await browser.SendAsync(PasskeyBrowser.Own, new { name = "Mine", credential }, Ct);

        Assert.Equal("passkey-challenge-over", await SharedLink.SlugAsync(answer, Ct));
    }

    [Fact]
    public async Task The_same_creation_is_not_taken_twice()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new PasskeyBrowser(Vault);
        await browser.Browser.SignInAsync(tenant.Owner, Ct);
        var made = new { name = "Phone", credential = browser.Authenticator.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct)) };
        var cookie = browser.Browser.Cookie(PasskeyChallenges.CookieName)!;

        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(PasskeyBrowser.Own, made, Ct)).StatusCode);
        browser.Browser.SetCookie(PasskeyChallenges.CookieName, cookie);

        Assert.Equal("passkey-challenge-over", await SharedLink.SlugAsync(await browser.SendAsync(PasskeyBrowser.Own, made, Ct), Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("a name that is longer than any name of a device that somebody owns")]
    public async Task A_name_is_one_short_line(string name)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);

        Assert.Equal("invalid", await SharedLink.SlugAsync(await browser.SendAsync(PasskeyBrowser.Own, new { name, credential = new { } }, Ct), Ct));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(browser, await IdAsync(browser), "name", ("name", name))).StatusCode);
    }

    [Fact]
    public async Task There_are_ten_at_most_also_when_two_are_added_at_once()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        await browser.SignInAsync(Ct);
        for (var i = 1; i < Passkey.Most - 1; i++)
            (await AddAnotherAsync(browser)).EnsureSuccessStatusCode();
        // Both ask while there is room for one.
        using var elsewhere = browser.Elsewhere();
        await elsewhere.SignInAsync(Ct);
        using var one = new TestAuthenticator { Origin = browser.Authenticator.Origin };
        using var other = new TestAuthenticator { Origin = browser.Authenticator.Origin };
        var (first, second) = (one.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct)), other.Create(await elsewhere.AskAsync(PasskeyBrowser.Own, Ct)));

        var answers = await Task.WhenAll(
            browser.SendAsync(PasskeyBrowser.Own, new { name = "Key", credential = first }, Ct), elsewhere.SendAsync(PasskeyBrowser.Own, new { name = "Key", credential = second }, Ct));

        // The first ends the session of the other, which is then refused by the account's row, as nobody's, or for its page's token: by how far it had come.
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
        await using var scope = tenant.Enter();
        Assert.Equal(Passkey.Most, await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Passkeys.CountAsync(passkey => passkey.MemberId == tenant.Owner.Id, Ct));
        using var full = browser.Elsewhere();
        await full.SignInAsync(Ct);
        Assert.Equal("too-many-passkeys", await SharedLink.SlugAsync(await full.SendAsync(PasskeyBrowser.Own + "/options", new { }, Ct), Ct));
    }

    [Fact]
    public async Task A_passkey_gets_another_name_from_its_owner_alone()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var admin = new PasskeyBrowser(Vault);
        await admin.Browser.SignInAsync(await tenant.AddAsync(Role.Admin, Ct), Ct);
        var id = await IdAsync(browser);

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(admin, id, "name", ("name", "Mine"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(admin, id, "remove")).StatusCode);
        Assert.Equal("/settings/security", (await PostAsync(browser, id, "name", ("name", " Old phone "))).Headers.Location!.OriginalString);

        var page = await PageAsync(browser);
        Assert.Contains(">Old phone<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Mine", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_passkey_opens_nothing_and_every_other_session_ends_with_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        await browser.SignInAsync(Ct);
        using var thief = browser.Elsewhere();
        await thief.SignInAsync(Ct);
        using var late = browser.Elsewhere();
        var answer = browser.Authenticator.Answer(await late.AskAsync(PasskeyBrowser.Door, Ct));

        var removed = await PostAsync(browser, await IdAsync(browser), "remove");

        Assert.Equal("/settings/security", removed.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal("passkey-refused", await SharedLink.SlugAsync(await late.AnswerAsync(answer, Ct), Ct));
        Assert.Contains("passkey.removed", await tenant.EventTypesAsync(Ct));
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        Assert.False(await db.Passkeys.AnyAsync(passkey => passkey.MemberId == tenant.Owner.Id, Ct));
        Assert.False(await db.Set<IdentityUserPasskey<Guid>>().AnyAsync(passkey => passkey.UserId == tenant.Owner.Id, Ct));
    }

    [Fact]
    public async Task A_sign_in_that_was_on_its_way_when_its_passkey_was_removed_opens_nothing()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(Vault, tenant.Owner, Ct);
        using var thief = browser.Elsewhere();
        var id = await IdAsync(browser);
        var isRemoved = false;
        using (DatabaseEvents.WhenTransactionStarted(tenant.Id, _ => isRemoved = isRemoved || RemoveMeanwhile()))
            await thief.SignInAsync(Ct);

        Assert.True(isRemoved);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);

        // The checked passkey is about to become a session; the removal wins the race below the surface, as a second node would.
        bool RemoveMeanwhile()
        {
            isRemoved = true;
            using var scope = Vault.Services.CreateScope();
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            db.Set<IdentityUserPasskey<Guid>>().Where(passkey => passkey.UserId == tenant.Owner.Id).ExecuteDelete();
            return db.Users.Where(member => member.Id == tenant.Owner.Id).ExecuteUpdate(set => set.SetProperty(member => member.SecurityStamp, id.ToString())) == 1;
        }
    }

    private static async Task<HttpResponseMessage> AddAnotherAsync(PasskeyBrowser browser)
    {
        using var another = new TestAuthenticator { Origin = browser.Authenticator.Origin };
        var credential = another.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct));
        return await browser.SendAsync(PasskeyBrowser.Own, new { name = "Key", credential }, Ct);
    }

    private static async Task<string> PageAsync(PasskeyBrowser browser) =>
        WebUtility.HtmlDecode(await (await browser.Browser.GetAsync("/settings/security", Ct)).Content.ReadAsStringAsync(Ct));

    private static async Task<Guid> IdAsync(PasskeyBrowser browser)
    {
        var page = await PageAsync(browser);
        var at = page.IndexOf(PasskeyBrowser.Own + "/", StringComparison.Ordinal) + PasskeyBrowser.Own.Length + 1;
        return Guid.Parse(page[at..(at + 36)]);
    }

    private static Task<HttpResponseMessage> PostAsync(PasskeyBrowser browser, Guid id, string act, params IEnumerable<(string, string)> fields) =>
        browser.Browser.PostFormAsync($"{PasskeyBrowser.Own}/{id}/{act}", fields, Ct, page: "/settings/security");
}
