using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>Recordings of which a copy was lately made, or begun: a process that died left objects there that no row names.</summary>
internal sealed class CopyObjects(VaultDbContext db, TimeProvider time) : IUnboundObjects
{
    /// <summary>A vault may be off for a while.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(30);

    /// <summary>A copy is named within the same run, which ends before a day is over.</summary>
    public Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    public IQueryable<Guid> Recordings()
    {
        var since = time.Now() - s_lately;
        return db.RecipientCopies.Where(copy => copy.RunSince > since).Select(copy => copy.RecordingId);
    }
}
