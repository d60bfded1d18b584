using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class PasswordTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_password_is_hashed_with_210_000_rounds_of_SHA_512()
    {
        var services = new ServiceCollection().AddMembers().BuildServiceProvider();
        var options = services.GetRequiredService<IOptions<PasswordHasherOptions>>();

        var hash = Convert.FromBase64String(new PasswordHashing(options).HashPassword(new Member(), "correct horse"));

        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1))); // HMAC-SHA-512
        Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)), 210_000u, uint.MaxValue);
    }

    [Fact]
    public void The_decoy_has_the_form_of_a_hash_and_costs_the_same()
    {
        var hashing = new PasswordHashing(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        var real = Convert.FromBase64String(hashing.HashPassword(new Member(), "correct horse"));
        var decoy = Convert.FromBase64String(hashing.Decoy);

        Assert.Equal(real.Length, decoy.Length);
        Assert.Equal(real[..13], decoy[..13]); // format, PRF, rounds, length of the salt
        Assert.Equal(PasswordVerificationResult.Failed, hashing.VerifyHashedPassword(new Member(), hashing.Decoy, ""));
    }

    [Fact]
    public void The_same_letters_composed_in_another_way_are_the_same_password()
    {
        var hashing = new PasswordHashing(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));

        var hash = hashing.HashPassword(new Member(), "Caf\u00e9 am Eck");

        Assert.Equal(PasswordVerificationResult.Success, hashing.VerifyHashedPassword(new Member(), hash, "Cafe\u0301 am Eck"));
    }

    [Fact]
    public async Task Who_has_a_password_from_somebody_else_gets_the_page_for_a_new_one_and_nothing_else()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct, mustChangePassword: true);
        using var browser = new TestBrowser(shared.Vault);

        var signedIn = await browser.SignInAsync(member, Ct, returnTo: "/upload");
        var page = await browser.GetAsync("/upload", Ct);
        var api = await browser.GetAsync("/api/v1/tenant", Ct);

        Assert.Equal("/password", signedIn.Headers.Location!.OriginalString);
        Assert.Equal("/password", page.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, api.StatusCode);
        Assert.Contains("/problems/password-change-needed", await api.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var changed = await browser.PostFormAsync("/password", [("currentPassword", member.Password), ("newPassword", "a new one of my own")], Ct);

        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_and_stands_in_the_log()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var here = new TestBrowser(shared.Vault);
        using var elsewhere = new TestBrowser(shared.Vault);
        await here.SignInAsync(tenant.Owner, Ct);
        await elsewhere.SignInAsync(tenant.Owner, Ct);
        var before = here.Cookie(SessionCookie.Name);

        await here.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "a new one of my own")], Ct);

        Assert.NotEqual(before, here.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("password.changed", await tenant.EventTypesAsync(Ct));
        using var again = new TestBrowser(shared.Vault);
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.SignInAsync(tenant.Owner, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await again.SignInAsync(tenant.Owner with { Password = "a new one of my own" }, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("not his password", "a new one of my own")]
    [InlineData(null, "too short")]
    [InlineData(null, null)]
    public async Task A_password_is_changed_by_whoever_knows_the_present_one_to_another_that_fits(string? current, string? wanted)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var answer = await browser.PostFormAsync("/password", [("currentPassword", current ?? tenant.Owner.Password), ("newPassword", wanted ?? tenant.Owner.Password)], Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var again = new TestBrowser(shared.Vault);
        Assert.Equal(HttpStatusCode.Redirect, (await again.SignInAsync(tenant.Owner, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_token_changes_no_password()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        using var form = new FormUrlEncodedContent([KeyValuePair.Create("currentPassword", tenant.Owner.Password), KeyValuePair.Create("newPassword", "a new one of my own")]);
        var answer = await script.PostAsync(new Uri("/password", UriKind.Relative), form, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_sign_in_on_its_way_while_the_password_is_changed_opens_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await using var scope = shared.Vault.Services.CreateAsyncScope();
        var check = scope.ServiceProvider.GetRequiredService<SignInCheck>();

        // The old password is found right …
        var right = Assert.IsType<SignInVerdict.Right>(await check.CheckAsync(tenant.Owner.Email, tenant.Owner.Password, new DefaultHttpContext(), Ct));
        // … the owner chooses another one …
        var changed = await browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "another lantern of his")], Ct);
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        // … and only then the session of the first begins.
        var late = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        Assert.NotNull(await scope.ServiceProvider.GetRequiredService<MemberEntrance>().EnterAsync(late, right.Member, Ct));

        using var thief = new TestBrowser(shared.Vault);
        thief.SetCookie(SessionCookie.Name, late.Response.Headers.SetCookie.ToString().Split(';')[0].Split('=', 2)[1]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        await using var inTenant = tenant.Enter();
        var db = inTenant.ServiceProvider.GetRequiredService<VaultDbContext>();
        var session = await db.Sessions.Where(session => session.MemberId == tenant.Owner.Id).OrderByDescending(session => session.Id).FirstAsync(Ct);
        var asker = new MemberAsker(Actor.System with { Id = tenant.Owner.Id }, tenant.Owner.Id, session.Id, null);
        Assert.NotNull((await asker.StandingAsync(db, Guid.NewGuid(), TimeProvider.System.GetUtcNow(), Ct)).Refusal);
    }

    [Fact]
    public async Task Of_two_changes_made_over_the_same_old_password_the_later_one_is_refused()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using var first = tenant.Enter();
        await using var second = tenant.Enter();
        var his = await first.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(tenant.Owner.Id, Ct);
        var theirs = await second.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(tenant.Owner.Id, Ct);

        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var session = await first.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking().SingleAsync(row => row.MemberId == tenant.Owner.Id, Ct);
        var user = new MemberIdentity(tenant.Owner.Id, tenant.Owner.Name, tenant.Id, Role.Owner).ToPrincipal(VaultSchemes.Session, new Claim(VaultClaims.Session, session.Id.ToString()));

        Assert.True(await first.ServiceProvider.GetRequiredService<PasswordChange>().ChangeAsync(new DefaultHttpContext { User = user }, his, "another lantern of his", Ct));
        Assert.False(await second.ServiceProvider.GetRequiredService<PasswordChange>().ChangeAsync(new DefaultHttpContext { User = user }, theirs, "a password of theirs", Ct));

        Assert.Equal(HttpStatusCode.Redirect, (await browser.SignInAsync(tenant.Owner with { Password = "another lantern of his" }, Ct)).StatusCode);
    }
}
