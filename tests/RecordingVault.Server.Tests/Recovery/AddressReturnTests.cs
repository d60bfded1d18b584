using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Factors;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>An address that a thief of the account changed: whoever reads the old one puts it back.</summary>
public sealed partial class AddressReturnTests : IAsyncLifetime
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
    public async Task The_letter_to_the_old_address_puts_it_back_and_ends_whatever_the_thief_has_open()
    {
        var (tenant, other) = await Reached.InTwoAsync(vault.Vault, Ct);
        var (wanted, letter) = await ChangeAsync(tenant.Owner);
        Assert.DoesNotContain("/forgotten", letter.Text, StringComparison.Ordinal);
        using var thief = new TestBrowser(vault.Vault);
        await thief.SignInAsync(tenant.Owner with { Email = wanted }, Ct);
        await thief.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "nine brown otters dive")], Ct);
        var token = await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct);

        using var victim = new TestBrowser(vault.Vault);
        var link = Reached.LinkIn(letter, "address/return");
        using var refused = await ReturnAsync(victim, link, "short");
        using var done = await ReturnAsync(victim, link, NewPassword);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Your address is yours again.", await done.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.SignInAsync(tenant.Owner with { Email = wanted, Password = "nine brown otters dive" }, Ct)).StatusCode);
        Assert.Equal("/", (await victim.SignInAsync(tenant.Owner with { Password = NewPassword }, Ct)).Headers.Location!.OriginalString);
        using var script = vault.Vault.Client();
        script.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.True(await tenant.HasEventAsync("member.address-returned", tenant.Owner.Id, Ct));
        Assert.True(await other.HasEventAsync("member.address-returned", tenant.Owner.Id, Ct));
        Assert.Equal(HttpStatusCode.Forbidden, (await ReturnAsync(victim, link, "eight loud otters sleep")).StatusCode);
    }

    [Fact]
    public async Task It_is_good_for_seven_days_and_its_secret_stands_nowhere()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (_, letter) = await ChangeAsync(tenant.Owner);
        var link = Reached.LinkIn(letter, "address/return");
        await using var scope = tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AddressReturns.AsNoTracking().SingleAsync(Ct);
        byte[] stored = [.. row.SecretHash, .. row.Address.Bytes.Span];
        Assert.Equal(-1, stored.AsSpan().IndexOf(AccountLink.Parse(link)!.Secret));
        Assert.Equal(-1, stored.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(tenant.Owner.Email)));

        vault.Clock.Advance(AddressReturn.Life);

        using var browser = new TestBrowser(vault.Vault);
        Assert.Equal(HttpStatusCode.Forbidden, (await ReturnAsync(browser, link, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task By_the_operators_word_the_old_address_gets_no_way_back()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await using (var scope = vault.Vault.Services.CreateAsyncScope())
        {
            var member = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(tenant.Owner.Id, Ct);
            Assert.True(await scope.ServiceProvider.GetRequiredService<AddressTaking>().TakeAsync(member, $"new-{Guid.NewGuid():N}@example.com", Actor.System, Ct));
        }

        Assert.True((await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).IsAddressProved);

        await vault.SendAsync(Ct);
        ReceivedLetter[] letters = [await sink.NextAsync(Ct), await sink.NextAsync(Ct)];
        var old = letters.Single(letter => letter.To == tenant.Owner.Email);

        Assert.Contains("Whoever runs the vault changed it.", old.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("#", old.Text, StringComparison.Ordinal);
        await using var after = tenant.Enter();
        Assert.Empty(await after.ServiceProvider.GetRequiredService<VaultDbContext>().AddressReturns.ToListAsync(Ct));
    }

    [Fact]
    public async Task An_address_between_ends_no_older_claim()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (between, first) = await ChangeAsync(tenant.Owner);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        var (_, second) = await ChangeAsync(tenant.Owner with { Email = between });
        using var thief = new TestBrowser(vault.Vault);
        using var victim = new TestBrowser(vault.Vault);

        using var stolen = await ReturnAsync(thief, Reached.LinkIn(second, "address/return"), "nine brown otters dive");
        using var back = await ReturnAsync(victim, Reached.LinkIn(first, "address/return"), NewPassword);

        Assert.Equal(HttpStatusCode.OK, stolen.StatusCode);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal("/", (await victim.SignInAsync(tenant.Owner with { Password = NewPassword }, Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_older_claim_ends_those_that_came_after_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (between, first) = await ChangeAsync(tenant.Owner);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        var (_, second) = await ChangeAsync(tenant.Owner with { Email = between });
        using var browser = new TestBrowser(vault.Vault);

        using var back = await ReturnAsync(browser, Reached.LinkIn(first, "address/return"), NewPassword);
        using var late = await ReturnAsync(browser, Reached.LinkIn(second, "address/return"), "nine brown otters dive");

        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_operators_word_ends_every_way_back(bool byAddress)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (wanted, letter) = await ChangeAsync(tenant.Owner);
        using var browser = new TestBrowser(vault.Vault);
        await using (var scope = vault.Vault.Services.CreateAsyncScope())
        {
            var member = (await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindAsync(wanted, Ct))!;
            if (byAddress)
            {
                Assert.True(await scope.ServiceProvider.GetRequiredService<AddressTaking>().TakeAsync(member, $"new-{Guid.NewGuid():N}@example.com", Actor.System, Ct));
            }
            else
            {
                var made = await scope.ServiceProvider.GetRequiredService<ResetLinks>().MakeAsync(member, madeBy: null, Actor.System, Ct);
                await browser.PostFormAsync("/reset", [("link", made!.Value.Link.ToString()), ("newPassword", "nine brown otters dive")], Ct);
            }
        }

        using var late = await ReturnAsync(browser, Reached.LinkIn(letter, "address/return"), NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task A_mailed_link_ends_no_way_back_and_drops_what_was_planted_before()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (wanted, letter) = await ChangeAsync(tenant.Owner);
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);
        using var browser = new TestBrowser(vault.Vault);
        // Nobody is locked out meanwhile, and nothing is taken off by the change itself.
        Assert.False((await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).IsAddressProved);
        Assert.Equal(SignIn.CodePath, (await browser.SignInAsync(tenant.Owner with { Email = wanted }, Ct)).Headers.Location!.OriginalString);

        await browser.PostFormAsync("/forgotten", [("email", wanted)], Ct);
        await browser.PostFormAsync("/reset", [("link", await Reached.LinkAsync(vault, sink, "reset", Ct)), ("newPassword", "nine brown otters dive")], Ct);

        Assert.True((await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).IsAddressProved);
        Assert.Equal("/", (await browser.SignInAsync(tenant.Owner with { Email = wanted, Password = "nine brown otters dive" }, Ct)).Headers.Location!.OriginalString);
        using var back = await ReturnAsync(browser, Reached.LinkIn(letter, "address/return"), NewPassword);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task Joining_a_further_tenant_ends_the_way_back()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (wanted, letter) = await ChangeAsync(tenant.Owner);
        await Invited.MakeAsync(vault.Vault, Ct, email: wanted);
        await vault.SendAsync(Ct);
        using var browser = new TestBrowser(vault.Vault);
        var invitation = await sink.NextAsync(Ct); // in two languages, each with the link
        await Invited.OpenAsync(browser, invitation.Text.Split('\n').First(line => line.StartsWith("http://localhost/join#", StringComparison.Ordinal)).Split('#')[1], Ct);
        Assert.Equal(HttpStatusCode.Found, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);

        using var late = await ReturnAsync(browser, Reached.LinkIn(letter, "address/return"), NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task Of_a_proved_account_the_factors_from_before_stay_and_those_since_go()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var older = await AddPasskeyAsync(tenant, vault.Clock.GetUtcNow());
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        var (_, letter) = await ChangeAsync(tenant.Owner, hasFactor: true);
        await AddPasskeyAsync(tenant, vault.Clock.GetUtcNow());
        await TakeAuthenticatorAsync(tenant);

        using var browser = new TestBrowser(vault.Vault);
        await ReturnAsync(browser, Reached.LinkIn(letter, "address/return"), NewPassword);

        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        Assert.Equal([older], await db.Passkeys.Where(row => row.MemberId == tenant.Owner.Id).Select(row => row.CredentialId).ToListAsync(Ct));
        Assert.Equal([older], await db.UserPasskeys.Where(row => row.UserId == tenant.Owner.Id).Select(row => row.CredentialId).ToListAsync(Ct));
        Assert.Equal(new FactorStanding(HasAuthenticator: false, Passkeys: 1, RecoveryCodes: 0), await scope.ServiceProvider.GetRequiredService<MemberFactors>().ReadAsync(tenant.Owner.Id, Ct));
        Assert.True((await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).IsAddressProved);
    }

    private static Task<HttpResponseMessage> ReturnAsync(TestBrowser browser, string link, string password) =>
        browser.PostFormAsync("/address/return", [("link", link), ("newPassword", password)], Ct);

    /// <summary>Changes the address with both yeses, and gives the letter that the old one gets afterwards.</summary>
    private async Task<(string Wanted, ReceivedLetter Letter)> ChangeAsync(TestMember member, bool hasFactor = false)
    {
        var wanted = $"new-{Guid.NewGuid():N}@example.com";
        await (hasFactor ? AskPastThePageAsync(member, wanted) : AskAsync(member, wanted));
        await vault.SendAsync(Ct);
        ReceivedLetter[] asking = [await sink.NextAsync(Ct), await sink.NextAsync(Ct)];
        using var stranger = new TestBrowser(vault.Vault);
        foreach (var letter in asking)
            await stranger.PostFormAsync("/address", [("link", Reached.LinkIn(letter, "address")), ("answer", "agree")], Ct);
        await vault.SendAsync(Ct);
        ReceivedLetter[] told = [await sink.NextAsync(Ct), await sink.NextAsync(Ct)];
        return (wanted, told.Single(letter => letter.To == member.Email));
    }

    private async Task AskAsync(TestMember member, string wanted)
    {
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        await browser.PostFormAsync("/settings/address", [("email", wanted)], Ct);
    }

    /// <summary>For a member whose second factor the test can't show.</summary>
    private async Task AskPastThePageAsync(TestMember member, string wanted)
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(member.Id, Ct);
        Assert.True(await scope.ServiceProvider.GetRequiredService<AddressChanging>().BeginAsync(row, wanted, Actor.System, Ct));
    }
}
