using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Tasks;

/// <param name="Outcome">Null while it is open.</param>
internal sealed record ConsentTaskResponse(Guid Id, Guid Participant, string Purpose, Guid Record, DateTimeOffset OpenedAt, string? Outcome, string? Word, DateTimeOffset? ClosedAt, Guid? ClosedBy);

/// <summary>Opens tasks with the records that make them, and closes them.</summary>
internal sealed class ConsentTasks(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Closed = "consent.task-closed";
    public const int LongestWord = 500;

    /// <summary>Of uses that go on without anybody's doing. What machines are given is refused by the gate, and nothing is left to decide.</summary>
    private static readonly Purpose[] s_asking = [Purpose.Keep, Purpose.ViewInternal, Purpose.ShareExternal];

    /// <summary>In the running transaction, which has the tenant's lock; the caller saves.</summary>
    public async Task FollowAsync(IReadOnlyList<ConsentRecord> written, CancellationToken cancellationToken)
    {
        var deciding = written.Where(record => s_asking.Contains(record.Purpose) && record.Status is ConsentStatus.Refused or ConsentStatus.Withdrawn or ConsentStatus.Given or ConsentStatus.NotNeeded).ToList();
        if (deciding.Count == 0)
            return;
        var recordingId = deciding[0].RecordingId;
        var open = await db.ConsentTasks.Where(task => task.RecordingId == recordingId && task.ClosedAt == null).ToListAsync(cancellationToken);
        foreach (var record in deciding)
        {
            var known = open.Find(task => task.ParticipantId == record.ParticipantId && task.Purpose == record.Purpose);
            if (record.Status is ConsentStatus.Given or ConsentStatus.NotNeeded)
            {
                known?.Close(ConsentOutcome.AskedAgain, null, null, record.CreatedAt);
            }
            else if (known is null)
            {
                db.ConsentTasks.Add(new ConsentTask
                {
                    TenantId = record.TenantId,
                    Id = Guid.CreateVersion7(record.CreatedAt),
                    RecordingId = recordingId,
                    ParticipantId = record.ParticipantId,
                    Purpose = record.Purpose,
                    RecordId = record.Id,
                    OpenedAt = record.CreatedAt,
                });
            }
        }
    }

    /// <summary>Those that are open first, then the newest; 200 at most.</summary>
    public async Task<IReadOnlyList<ConsentTaskResponse>> ListAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var rows = await db.ConsentTasks.AsNoTracking().Where(task => task.RecordingId == recordingId).OrderByDescending(task => task.OpenedAt).ThenBy(task => task.Id).Take(200).ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return [];
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        return [.. rows.OrderBy(task => task.ClosedAt is not null).Select(task => new ConsentTaskResponse(
            task.Id, task.ParticipantId, task.Purpose.Name(), task.RecordId, task.OpenedAt, task.Outcome is { } outcome ? ConsentWords.Name(outcome) : null,
            task.Word?.Open(key, task.TenantId, task.Id, ConsentTask.WordColumn), task.ClosedAt, task.ClosedBy))];
    }

    /// <summary>The recording of a task; null where there is none such.</summary>
    public Task<Guid?> RecordingOfAsync(Guid id, CancellationToken cancellationToken) =>
        db.ConsentTasks.Where(task => task.Id == id && db.Recordings.Any(recording => recording.Id == task.RecordingId && !recording.IsBeingDestroyed)).Select(task => (Guid?)task.RecordingId).SingleOrDefaultAsync(cancellationToken);

    /// <summary>Null means done, also where it was closed before.</summary>
    public async Task<Problem?> CloseAsync(Guid id, string? outcome, string? word, Actor actor, Guid memberId, CancellationToken cancellationToken)
    {
        if (await RecordingOfAsync(id, cancellationToken) is not { } recordingId)
            return Problem.NotFound;
        if (ConsentWords.Of(Enum.GetValues<ConsentOutcome>(), outcome) is not { } done)
            return Problem.Invalid("outcome", $"it is one of {ConsentWords.List(Enum.GetValues<ConsentOutcome>())}.");
        if (string.IsNullOrWhiteSpace(word) || word.Trim().Length > LongestWord)
            return Problem.Invalid("word", $"say in at most {LongestWord} characters what was done.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.ConsentTasks.SingleOrDefaultAsync(task => task.Id == id, cancellationToken) is not { } task)
            return Problem.NotFound;
        if (task.ClosedAt is not null)
            return null;
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        task.Close(done, SealedText.Seal(key, task.TenantId, task.Id, ConsentTask.WordColumn, word.Trim()), memberId, time.Now());
        await audit.AppendAsync(
            new AuditEntry(Closed, actor, AuditTargetKind.Recording, recordingId) { Fields = [("for", task.Purpose.Name()), ("participant", $"{task.ParticipantId}"), ("outcome", ConsentWords.Name(done))] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
