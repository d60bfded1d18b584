using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Factors;

public sealed class RecoveryCodeTests(FactorVault vault) : IClassFixture<FactorVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recovery_code_opens_the_door_once_and_is_told()
    {
        var (tenant, phone, _) = await HouseAsync();

        Assert.Equal("/", (await SignInAsync(tenant.Owner, phone.RecoveryCodes[3].ToUpperInvariant().Replace('-', ' '))).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(tenant.Owner, phone.RecoveryCodes[3])).StatusCode);
        Assert.Equal("/", (await SignInAsync(tenant.Owner, phone.RecoveryCodes[4])).Headers.Location?.OriginalString);

        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "recovery-code.used"));
        Assert.Equal(2, vault.Notices.Told.Count(told => told == (tenant.Owner.Id, MemberNotice.RecoveryCodeUsed)));
    }

    [Fact]
    public async Task Of_one_recovery_code_sent_many_times_at_once_one_is_taken()
    {
        var (tenant, phone, _) = await HouseAsync();
        var browsers = Enumerable.Range(0, ThrottleRule.Code.FreeTries).Select(_ => new TestBrowser(vault.Vault)).ToList();
        foreach (var browser in browsers)
            await browser.SignInAsync(tenant.Owner, Ct);

        await Task.WhenAll(browsers.Select(browser => TestPhone.SendAsync(browser, phone.RecoveryCodes[0], Ct)));

        Assert.Single(browsers, browser => browser.Cookie(SessionCookie.Name) is not null);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task Another_members_code_opens_nothing()
    {
        var (tenant, _, _) = await HouseAsync();
        var (_, other, _) = await HouseAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(tenant.Owner, other.RecoveryCodes[0])).StatusCode);
    }

    [Fact]
    public async Task Recovery_codes_are_throttled_like_codes_and_together_with_them()
    {
        var (tenant, phone, _) = await HouseAsync();
        for (var i = 0; i < ThrottleRule.Code.FreeTries; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(tenant.Owner, i % 2 == 0 ? "000000" : "aaaa-bbbb-cccc-dddd")).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(tenant.Owner, phone.RecoveryCodes[0])).StatusCode);
        vault.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("/", (await SignInAsync(tenant.Owner, phone.RecoveryCodes[0])).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task New_ones_replace_those_before()
    {
        var (tenant, phone, browser) = await HouseAsync();

        var made = await browser.PostFormAsync(MakeRecoveryCodes.Path, [], Ct, page: "/settings/security");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.DoesNotContain(phone.RecoveryCodes[0], await made.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(tenant.Owner, phone.RecoveryCodes[0])).StatusCode);
        Assert.Contains("recovery-codes.made", await tenant.EventTypesAsync(Ct));
        Assert.Contains((tenant.Owner.Id, MemberNotice.RecoveryCodesMade), vault.Notices.Told);
    }

    [Fact]
    public async Task A_session_that_was_ended_meanwhile_makes_none()
    {
        var (tenant, phone, browser) = await HouseAsync();
        await using var scope = tenant.Enter();
        var session = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking().SingleAsync(row => row.MemberId == tenant.Owner.Id && row.EndedAt == null, Ct);
        var user = new MemberIdentity(tenant.Owner.Id, tenant.Owner.Name, tenant.Id, Role.Owner).ToPrincipal(VaultSchemes.Session, new Claim(VaultClaims.Session, session.Id.ToString()));
        await browser.PostFormAsync("/signout", [], Ct, page: "/settings/security");

        var codes = await scope.ServiceProvider.GetRequiredService<RecoveryCodeRenewal>().RenewAsync(new DefaultHttpContext { User = user }, Ct);

        Assert.Null(codes);
        Assert.DoesNotContain("recovery-codes.made", await tenant.EventTypesAsync(Ct));
        Assert.Equal("/", (await SignInAsync(tenant.Owner, phone.RecoveryCodes[0])).Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("abcd-efgh-ijkl-mnop", true)]
    [InlineData("ABCDEFGHIJKLMNOP", true)]
    [InlineData("abcd efgh ijkl mno", false)]
    [InlineData("abcd-efgh-ijkl-mno1", false)]
    [InlineData("123456", false)]
    public void A_recovery_code_has_16_letters_of_base32(string text, bool isOne) => Assert.Equal(isOne, RecoveryCodeText.Parse(text) is not null);

    [Fact]
    public void A_recovery_code_is_80_random_bits_and_reads_back()
    {
        var code = RecoveryCodeText.New();

        Assert.Equal(80, code.Length * 8);
        Assert.Equal(code, RecoveryCodeText.Parse(RecoveryCodeText.Show(code)));
        Assert.NotEqual(RecoveryCodeText.Hash(Guid.NewGuid(), code), RecoveryCodeText.Hash(Guid.NewGuid(), code));
    }

    private async Task<HttpResponseMessage> SignInAsync(TestMember member, string code)
    {
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        return await TestPhone.SendAsync(browser, code, Ct);
    }

    private async Task<(TestTenant Tenant, TestPhone Phone, TestBrowser Browser)> HouseAsync()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return (tenant, await TestPhone.SetUpAsync(browser, vault.Clock, Ct), browser);
    }
}
