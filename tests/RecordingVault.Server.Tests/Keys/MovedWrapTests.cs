using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Keys;

public sealed class MovedWrapTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrap_that_was_moved_to_another_recordings_row_opens_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var one = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
        var other = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var moved = await db.KeyWraps.AsNoTracking().Where(wrap => wrap.OwnerId == other.Id).Select(wrap => wrap.Wrap).SingleAsync(Ct);
        await db.KeyWraps.Where(wrap => wrap.OwnerId == one.Id).ExecuteUpdateAsync(set => set.SetProperty(wrap => wrap.Wrap, moved), Ct);
        shared.Vault.Services.GetRequiredService<VaultKeyring>().Drop(tenant.Id, KeyKind.Recording, one.Id);

        var refused = await Assert.ThrowsAsync<SealedFormatException>(() => scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(one.Id, Ct));

        Assert.Equal(FormatFailure.WrongPlace, refused.Failure);
    }
}
