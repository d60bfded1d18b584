using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Keys;

public sealed class KeyExpiryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_key_that_nobody_used_for_ten_minutes_is_not_handed_out_any_more()
    {
        var clock = new FakeTimeProvider();
        using var keyring = new VaultKeyring(clock);
        var tenantId = Guid.NewGuid();
        using (var root = RootKey.Generate())
        {
            var (key, _) = KeyHierarchy.NewTenantKey(root, tenantId);
            using (key)
                keyring.Keep(tenantId, KeyKind.Tenant, Guid.Empty, key);
        }

        clock.Advance(VaultKeyring.IdleLimit - TimeSpan.FromSeconds(1));
        using (var used = keyring.Find<TenantKey>(tenantId, KeyKind.Tenant, Guid.Empty))
            Assert.NotNull(used);
        clock.Advance(VaultKeyring.IdleLimit - TimeSpan.FromSeconds(1));
        using (var usedAgain = keyring.Find<TenantKey>(tenantId, KeyKind.Tenant, Guid.Empty))
            Assert.NotNull(usedAgain);
        clock.Advance(VaultKeyring.IdleLimit);

        Assert.Null(keyring.Find<TenantKey>(tenantId, KeyKind.Tenant, Guid.Empty));
        Assert.Equal(0, keyring.Count);
    }

    [Fact]
    public async Task A_running_vault_wipes_idle_keys_without_being_asked()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await TestTenant.CreateAsync(vault, Ct);
        var keyring = vault.Services.GetRequiredService<VaultKeyring>();
        Assert.InRange(keyring.Count, 1, int.MaxValue);

        clock.Advance(VaultKeyring.IdleLimit + KeyExpiry.Period);
        // The tick runs on another thread.
        while (keyring.Count > 0)
            await Task.Delay(10, Ct);
        Assert.True(keyring.IsOpen);
    }
}
