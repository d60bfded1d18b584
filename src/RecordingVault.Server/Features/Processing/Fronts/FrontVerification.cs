using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>
/// Reads the signed fronts of a recording's files, which no manifest binds. A damaged one is told and given up: it is made anew when somebody asks for the file, so the recording itself is whole and
/// no backup is needed.
/// </summary>
internal sealed partial class FrontVerification(VaultDbContext db, SealedStore store, UsageReading usage, AuditLog audit, ILogger<FrontVerification> log)
{
    public const string Damaged = "recording.front-damaged";

    /// <returns>Bytes that were read.</returns>
    public async Task<long> RunAsync(Recording recording, OwnerKey key, CancellationToken cancellationToken)
    {
        var read = 0L;
        foreach (var front in await InForce(recording.Id, (await usage.OfAsync(recording, cancellationToken)).Tag.Name).ToListAsync(cancellationToken))
        {
            using var bytes = new MemoryStream();
            if (await FailureAsync(key, front, bytes, cancellationToken) is { } failure)
                await TellAsync(recording, front, failure, cancellationToken);
            read += bytes.Length;
        }

        return read;
    }

    /// <summary>What is outdated leaves nowhere, and a sweep takes its object away before its row.</summary>
    private IQueryable<StoredFront> InForce(Guid recordingId, string tag) => db.StoredFronts.AsNoTracking().Where(front => front.RecordingId == recordingId && front.ObjectId != null && front.Tag == tag).OrderBy(front => front.Id);

    private async Task<FormatFailure?> FailureAsync(OwnerKey key, StoredFront front, MemoryStream bytes, CancellationToken cancellationToken)
    {
        try
        {
            await store.CopyWholeAsync(key, ObjectRole.MarkedFront, front.ObjectId!.Value, bytes, cancellationToken);
            return SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).AsSpan().SequenceEqual(front.FrontDigest) ? null : FormatFailure.WrongDigest;
        }
        catch (SealedFormatException damage)
        {
            return damage.Failure;
        }
    }

    private async Task TellAsync(Recording recording, StoredFront front, FormatFailure failure, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // Another one may have come in its place, or another tag over it, while it was read: that is no damage.
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == recording.Id && !row.IsBeingDestroyed, cancellationToken) is not { } now)
            return;
        var tag = (await usage.OfAsync(now, cancellationToken)).Tag.Name;
        if (await InForce(recording.Id, tag).Where(row => row.Id == front.Id && row.ObjectId == front.ObjectId).ExecuteDeleteAsync(cancellationToken) == 0)
            return;
        FrontDamaged(log, recording.TenantId, recording.Id, failure);
        await audit.AppendAsync(new AuditEntry(Damaged, Actor.System, AuditTargetKind.Recording, recording.Id) { Decrypted = true, Fields = [("failure", failure.ToString())] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 621, Level = LogLevel.Error, Message = "A signed front of recording {RecordingId} of tenant {TenantId} was damaged: {Failure}. It is made anew when its file is asked for; the recording is whole, and the store may not be.")]
    private static partial void FrontDamaged(ILogger log, Guid tenantId, Guid recordingId, FormatFailure failure);
}
