using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>What this node holds of a recording's words goes with its rows.</summary>
internal sealed class SearchRows(SearchIndex index, VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        index.Drop(db.TenantId, recordingId);
        return Task.CompletedTask;
    }
}
