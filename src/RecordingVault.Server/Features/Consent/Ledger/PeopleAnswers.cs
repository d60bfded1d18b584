using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>What the slice of recordings must know of the ledger, and the one way in which records end: with their recording.</summary>
internal sealed class PeopleAnswers(VaultDbContext db, EvidenceEnding evidence) : IPeopleAnswers, IRecordingRows
{
    public async Task<IReadOnlySet<Guid>> WithRecordsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await db.ConsentStates.Where(state => state.RecordingId == recordingId).Select(state => state.ParticipantId).Distinct().ToHashSetAsync(cancellationToken);

    public Task DeleteObjectsAsync(Guid recordingId, CancellationToken cancellationToken) => evidence.DestroyOfAsync(recordingId, cancellationToken);

    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await evidence.LetGoAsync(recordingId, cancellationToken);
        await db.ConsentTasks.Where(task => task.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await db.ConsentReasons.Where(why => why.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await db.ConsentStates.Where(state => state.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await db.ConsentRecords.Where(record => record.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
    }
}
