using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>Recordings that were lately laid out: a process that died between a layout and its manifest left one there that nothing binds, long after the upload was forgotten.</summary>
internal sealed class LaidObjects(VaultDbContext db, TimeProvider time) : IUnboundObjects
{
    /// <summary>A layout is bound within the same run; what is a day old and is not never will be.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings() => UnboundAges.At(time.GetUtcNow()).Select(span => Made(span.From, span.To)).Aggregate((looked, more) => looked.Concat(more));

    private IQueryable<Guid> Made(DateTimeOffset from, DateTimeOffset to)
    {
        // An asset's id begins with the time at which it was made.
        var (first, last) = (Guid.CreateVersion7(from), Guid.CreateVersion7(to));
        return db.RecordingAssets.Where(asset => asset.Role == ObjectRole.Layout && asset.Id.CompareTo(first) > 0 && asset.Id.CompareTo(last) <= 0).Select(asset => asset.RecordingId);
    }
}
