using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>Recordings of which a file was lately signed: a process that died between a front and its row, or between a row and the front that it outdated, left one there.</summary>
internal sealed class FrontObjects(VaultDbContext db, TimeProvider time) : IUnboundObjects
{
    /// <summary>A vault may be off for a while.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(30);

    /// <summary>What is a day old and stands in no row is nobody's.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings()
    {
        var since = time.Now() - s_lately;
        return db.StoredFronts.Where(front => front.MadeAt > since).Select(front => front.RecordingId);
    }
}
