using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Looks behind the door: rows of a tenant, objects of a recording, content through the committed manifest.</summary>
internal sealed class VaultView(TestVault vault, Guid tenantId)
{
    public SealedStore Store => vault.Services.GetRequiredService<SealedStore>();

    public async Task<T> RowsAsync<T>(Func<VaultDbContext, Task<T>> look)
    {
        await using var scope = vault.Services.GetRequiredService<SystemScope>().Enter(tenantId);
        return await look(scope.ServiceProvider.GetRequiredService<VaultDbContext>());
    }

    /// <summary>Looks again and again until it is so. False where it does not come true in time.</summary>
    public async Task<bool> ComesTrueAsync(Func<VaultDbContext, Task<bool>> look, TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await RowsAsync(look))
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                return false;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return true;
    }

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = vault.Services.GetRequiredService<SystemScope>().Enter(tenantId);
        return await act(scope.ServiceProvider);
    }

    public Task<Recording?> RecordingAsync(Guid id) => RowsAsync(db => db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id));

    public Task<Manifest> ManifestAsync(Guid recordingId) => InScopeAsync(async services =>
    {
        var recording = await services.GetRequiredService<VaultDbContext>().Recordings.AsNoTracking().SingleAsync(recording => recording.Id == recordingId);
        using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, TestContext.Current.CancellationToken);
        return await Store.OpenManifestAsync(key, recording.Manifest!, TestContext.Current.CancellationToken);
    });

    /// <summary>The bytes of the recording's only asset, through its manifest.</summary>
    public async Task<byte[]> ContentAsync(Guid recordingId, int asset = 0)
    {
        var manifest = await ManifestAsync(recordingId);
        return await InScopeAsync(async services =>
        {
            using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, TestContext.Current.CancellationToken);
            using var reader = Store.OpenAsset(key, tenantId, recordingId, manifest.Assets.Where(held => held.Role != ObjectRole.Layout).ElementAt(asset));
            await using var range = await reader.OpenRangeAsync(0, reader.Length, TestContext.Current.CancellationToken);
            using var bytes = new MemoryStream();
            await range.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            return bytes.ToArray();
        });
    }

    /// <summary>What an upload has put and what binds it now: without cards and layouts, which jobs write in their own time, and the manifests that those have replaced.</summary>
    public async Task<IReadOnlyList<StoredObjectName>> UploadedAsync(Guid recordingId)
    {
        var bound = await RecordingAsync(recordingId);
        return [.. (await ObjectsAsync(recordingId)).Where(found => found.Role != ObjectRole.Layout && (found.Role != ObjectRole.Manifest || found.ObjectId == bound!.ManifestObjectId))];
    }

    /// <summary>Objects of a recording, without its cards, which a job writes in its own time.</summary>
    public async Task<IReadOnlyList<StoredObjectName>> ObjectsAsync(Guid recordingId)
    {
        var found = new List<StoredObjectName>();
        await foreach (var name in Store.ListRecordingAsync(tenantId, recordingId, TestContext.Current.CancellationToken))
        {
            if (name.Role != ObjectRole.Card)
                found.Add(name);
        }

        return found;
    }

    /// <summary>The file of an object of the folder store.</summary>
    public string FileOf(StoredObjectName name) =>
        Directory.EnumerateFiles(Path.Combine(vault.DataDirectory, "store"), "*", SearchOption.AllDirectories).Single(path => path.Contains($"{name.ObjectId}", StringComparison.Ordinal));
}
