using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>Recordings that were lately laid out: a process that died between a layout and its manifest left one there that nothing binds, long after the upload was forgotten.</summary>
internal sealed class LaidObjects(VaultDbContext db, TimeProvider time) : IUnboundObjects
{
    /// <summary>A vault may be off for a while.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(30);

    /// <summary>A layout is bound within the same run; what is a day old and is not never will be.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings()
    {
        // An asset's id begins with the time at which it was made.
        var since = Guid.CreateVersion7(time.GetUtcNow() - s_lately);
        return db.RecordingAssets.Where(asset => asset.Role == ObjectRole.Layout && asset.Id.CompareTo(since) > 0).Select(asset => asset.RecordingId);
    }
}
