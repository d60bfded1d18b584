using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>Recordings of which a file was lately signed: a process that died between a front and its row, or between a row and the front that it outdated, left one there.</summary>
internal sealed class FrontObjects(VaultDbContext db, TimeProvider time) : IUnboundObjects
{
    /// <summary>What is a day old and stands in no row is nobody's.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings() => UnboundAges.At(time.Now()).Select(span => Made(span.From, span.To)).Aggregate((looked, more) => looked.Concat(more));

    private IQueryable<Guid> Made(DateTimeOffset from, DateTimeOffset to) => db.StoredFronts.Where(front => front.MadeAt > from && front.MadeAt <= to).Select(front => front.RecordingId);
}
