using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The one door out (P2): decides, writes the record, and only then opens the sealed asset. Outside Processing nothing else opens one; an
/// architecture test holds that. Whatever can't be decided or recorded does not leave.
/// </summary>
internal sealed class ReleaseGate(ReleasePasses passes, MarkShelf shelf, VaultKeyring keyring, SealedStore store, TenantContext tenant, IServiceProvider services)
{
    public async ValueTask<ReleaseDecision> OpenAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        if (passes.Find(tenant.TenantId, asker, recordingId, wish, purpose) is { } good
            && keyring.Find<OwnerKey>(tenant.TenantId, KeyKind.Recording, recordingId) is { } key)
        {
            using (key)
            {
                if (good.Stored is null)
                    return Allow(good, key, null);
                // Not at hand any more: it is opened, and read back, anew.
                if (shelf.Find(good.TenantId, recordingId, good.Stored.Id, good.Tag, good.Signed) is { } mark)
                    return Allow(good, key, mark);
            }
        }

        // Only here is a database context made: a request that rides on a pass needs none.
        return await services.GetRequiredService<ReleaseDesk>().DecideAsync(asker, recordingId, wish, purpose, recipient, Allow, cancellationToken);

        ReleaseDecision.Allowed Allow(ReleasePass pass, OwnerKey recordingKey, ServedMark? mark)
        {
            var stored = pass.Stored is { } layout ? store.OpenAsset(recordingKey, pass.TenantId, pass.RecordingId, layout) : null;
            return new(new OpenedRelease(pass, store.OpenAsset(recordingKey, pass.TenantId, pass.RecordingId, pass.Asset), stored, mark) { Asker = asker, Purpose = purpose });
        }
    }
}
