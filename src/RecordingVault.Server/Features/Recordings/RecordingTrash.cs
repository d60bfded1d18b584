using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Into the trash and out of it. What lies there is shown and sent to nobody: the same transaction raises the tenant's revocation counter, so that what runs stops within
/// seconds. Its links are kept and work again when it is taken out.
/// </summary>
internal sealed class RecordingTrash(VaultDbContext db, AuditLog audit, IRecordingKeeping keeping, TimeProvider time)
{
    /// <summary>How long a recording can be taken out again, where no schedule says otherwise.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public const string Trashed = "recording.trashed";
    public const string Restored = "recording.restored";

    /// <summary>Null when it is in the trash now, also when it was before.</summary>
    public Task<Problem?> PutAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, recording => recording.TrashedAt is not null, recording => recording.Trash(time.Now()), Trashed, actor, cancellationToken);

    /// <summary>Null when it is out of the trash now.</summary>
    public Task<Problem?> TakeOutAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, recording => recording.TrashedAt is null, recording => recording.TakeOut(), Restored, actor, cancellationToken);

    private async Task<Problem?> ChangeAsync(
        Guid id, Func<Recording, bool> isDone, Action<Recording> change, string type, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Who else is about to change the row comes before this, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return Problem.NotFound;
        if (isDone(recording))
            return null;
        if (type == Trashed && await keeping.HoldAsync(id, cancellationToken) is { } held)
            return held;
        if (type == Restored)
            await keeping.ForgetNoticeAsync([id], cancellationToken);
        change(recording);
        recording.Touch();
        await audit.AppendAsync(new AuditEntry(type, actor, AuditTargetKind.Recording, id) { ChangesPermission = true }, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problem.ChangedMeanwhile;
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
