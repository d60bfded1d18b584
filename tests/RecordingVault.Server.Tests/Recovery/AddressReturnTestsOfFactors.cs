using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>What becomes of second factors when an address is put back.</summary>
public sealed partial class AddressReturnTests
{
    [Fact]
    public async Task An_older_authenticator_stays_with_its_codes()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await TakeAuthenticatorAsync(tenant);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();

        foreach (var factor in scope.ServiceProvider.GetServices<ISecondFactor>())
            await factor.RemoveSinceAsync(tenant.Owner.Id, vault.Clock.GetUtcNow(), Ct);
        await db.SaveChangesAsync(Ct);

        Assert.Equal(new FactorStanding(HasAuthenticator: true, Passkeys: 0, RecoveryCodeMaking.Count), await scope.ServiceProvider.GetRequiredService<MemberFactors>().ReadAsync(tenant.Owner.Id, Ct));
    }

    [Fact]
    public async Task Of_an_account_that_was_not_proved_nothing_stays()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var older = await AddPasskeyAsync(tenant, vault.Clock.GetUtcNow());
        await using (var scope = tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Users.Where(row => row.Id == tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EmailConfirmed, false), Ct);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        var (_, letter) = await ChangeAsync(tenant.Owner, hasFactor: true);

        using var browser = new TestBrowser(vault.Vault);
        await ReturnAsync(browser, Reached.LinkIn(letter, "address/return"), NewPassword);

        await using var after = tenant.Enter();
        Assert.False(await after.ServiceProvider.GetRequiredService<VaultDbContext>().UserPasskeys.AnyAsync(row => row.UserId == tenant.Owner.Id, Ct));
        Assert.True((await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).IsAddressProved);
        Assert.True(await tenant.HasEventAsync("member.address-proved", tenant.Owner.Id, Ct));
    }

    /// <summary>Both rows of a passkey, as of a moment.</summary>
    private static async Task<byte[]> AddPasskeyAsync(TestTenant tenant, DateTimeOffset at)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (id, credential) = (Guid.CreateVersion7(), Guid.NewGuid().ToByteArray());
        var data = new IdentityPasskeyData { PublicKey = [1], AttestationObject = [], ClientDataJson = [], CreatedAt = at };
        db.UserPasskeys.Add(new IdentityUserPasskey<Guid> { UserId = tenant.Owner.Id, CredentialId = credential, Data = data });
        db.Passkeys.Add(new Passkey
        {
            Id = id,
            MemberId = tenant.Owner.Id,
            CredentialId = credential,
            Name = PasskeyName.Seal(scope.ServiceProvider.GetRequiredService<VaultKeyring>(), id, "Key"),
            CreatedAt = at,
        });
        await db.SaveChangesAsync(Ct);
        return credential;
    }

    private static async Task TakeAuthenticatorAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var member = await db.Users.SingleAsync(row => row.Id == tenant.Owner.Id, Ct);
        member.TakeAuthenticator(
            AuthenticatorSeed.Seal(scope.ServiceProvider.GetRequiredService<VaultKeyring>(), member.Id, TimeCode.NewSeed()), 1, scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow());
        await scope.ServiceProvider.GetRequiredService<RecoveryCodeMaking>().ReplaceAsync(member.Id, Ct);
        await db.SaveChangesAsync(Ct);
    }
}
