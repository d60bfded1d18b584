using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The one door out (P2): decides, writes the record, and only then opens the sealed asset. Outside Processing nothing else opens one; an
/// architecture test holds that. Whatever can't be decided or recorded does not leave.
/// </summary>
internal sealed class ReleaseGate(ReleasePasses passes, VaultKeyring keyring, SealedStore store, TenantContext tenant, IServiceProvider services)
{
    public async ValueTask<ReleaseDecision> OpenAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        if (passes.Find(tenant.TenantId, asker, recordingId, wish, purpose) is { } good
            && keyring.Find<OwnerKey>(tenant.TenantId, KeyKind.Recording, recordingId) is { } key)
        {
            using (key)
                return Allow(good, key);
        }

        // Only here is a database context made: a request that rides on a pass needs none.
        return await services.GetRequiredService<ReleaseDesk>().DecideAsync(asker, recordingId, wish, purpose, recipient, Allow, cancellationToken);

        ReleaseDecision.Allowed Allow(ReleasePass pass, OwnerKey recordingKey) =>
            new(new OpenedRelease(pass, store.OpenAsset(recordingKey, pass.TenantId, pass.RecordingId, pass.Asset)) { Asker = asker, Purpose = purpose });
    }
}
