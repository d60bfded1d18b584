using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>
/// The end of an export: the row says so and the wrapped keys are deleted in one transaction, then what lies in the store. Killed in between, the sweep goes on with what the row
/// says; from the commit on nobody reads the package any more.
/// </summary>
internal sealed class ExportEnding(VaultDbContext db, TenantKeys keys, SealedStore store, AuditLog audit, TimeProvider time) : IRecordingRows
{
    /// <summary>For so long the row of one that is over tells what became of it.</summary>
    public static readonly TimeSpan ToldFor = TimeSpan.FromDays(90);

    /// <summary>False where there is none, or it is over already.</summary>
    public async Task<bool> EndAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (!await EndRowAsync(id, actor, cancellationToken))
                return false;
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await SweepAsync(id, cancellationToken);
        return true;
    }

    /// <summary>Deletes what lies in the store under an export whose key is gone.</summary>
    public async Task SweepAsync(Guid id, CancellationToken cancellationToken)
    {
        await store.DeleteExportAsync(db.TenantId, id, cancellationToken);
        await db.PackageExports.Where(export => export.Id == id && export.State == ExportState.Ended).ExecuteUpdateAsync(set => set.SetProperty(export => export.IsSwept, true), cancellationToken);
    }

    /// <summary>Exports whose time is over and those of which something may lie in the store still, a page of them.</summary>
    public Task<List<Guid>> DueAsync(Guid after, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var over = now - ToldFor;
        return db.PackageExports.Where(export => export.Id.CompareTo(after) > 0 && (export.State != ExportState.Ended ? export.ExpiresAt <= now : !export.IsSwept || export.ExpiresAt <= over))
            .OrderBy(export => export.Id).Take(100).Select(export => export.Id).ToListAsync(cancellationToken);
    }

    /// <summary>What a sweep does with one that is due: ends it, deletes what is left of it, and in the end its rows.</summary>
    public async Task FinishAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await EndAsync(id, Actor.System, cancellationToken))
            return;
        await SweepAsync(id, cancellationToken);
        var over = time.Now() - ToldFor;
        if (!await db.PackageExports.AnyAsync(export => export.Id == id && export.State == ExportState.Ended && export.ExpiresAt <= over, cancellationToken))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.PackageExportItems.Where(item => item.ExportId == id).ExecuteDeleteAsync(cancellationToken);
        await db.PackageExports.Where(export => export.Id == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>In the running transaction, behind the tenant's turn: files of the recording are another one's from now on, and what allows that one is asked of no package that was made before.</summary>
    public async Task EndOfAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        foreach (var id in await db.PackageExportItems.Where(item => item.RecordingId == recordingId).Select(item => item.ExportId).ToListAsync(cancellationToken))
            await EndRowAsync(id, Actor.System, cancellationToken);
    }

    /// <summary>Before a recording is said to be destroyed, key and bytes of every package that it lies in are gone from the store too.</summary>
    public async Task DeleteObjectsAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        foreach (var id in await db.PackageExportItems.Where(item => item.RecordingId == recordingId).Select(item => item.ExportId).ToListAsync(cancellationToken))
        {
            if (!await EndAsync(id, Actor.System, cancellationToken))
                await SweepAsync(id, cancellationToken);
        }
    }

    /// <summary>A recording that is destroyed takes every package with it that it lies in (P7): their keys go in the same transaction.</summary>
    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await EndOfAsync(recordingId, cancellationToken);
        await db.PackageExportItems.Where(item => item.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<bool> EndRowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (await db.PackageExports.Where(export => export.Id == id && export.State != ExportState.Ended)
            .ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Ended).SetProperty(export => export.ExpiresAt, now), cancellationToken) == 0)
            return false;
        await keys.ForgetExportKeyAsync(id, cancellationToken);
        await audit.AppendAsync(new AuditEntry("export.ended", actor, AuditTargetKind.Tenant, db.TenantId) { ChangesPermission = true, Fields = [("export", id.ToString())] }, cancellationToken);
        return true;
    }
}
