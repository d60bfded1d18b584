using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>
/// Keeps the book of a destruction: begun with the mark, step by step as each is done, and closed with the certificate in the transaction that deletes the last row. Killed anywhere, the next run
/// finds in the row how far it came; a step that is written down was done.
/// </summary>
internal sealed class DispositionBook(
    VaultDbContext db, DispositionReading reading, VaultSigningKeys signing, TenantKeys keys, PageFrames frames, AuditLog audit, IOptions<VaultOptions> options, TimeProvider time)
{
    public const string Destroyed = "recording.destroyed";

    /// <summary>In the transaction that marks it; the caller saves and commits.</summary>
    public async Task BeginAsync(Recording recording, Actor actor, CancellationToken cancellationToken)
    {
        var facts = await reading.GatherAsync(recording, cancellationToken);
        var id = Guid.CreateVersion7();
        using var key = await keys.DataKeyAsync(cancellationToken);
        db.Dispositions.Add(new Disposition
        {
            TenantId = db.TenantId,
            Id = id,
            RecordingId = recording.Id,
            BegunAt = time.Now(),
            ByKind = actor.Kind,
            ById = actor.Id,
            SizeInBytes = recording.SizeInBytes,
            MeetingAt = recording.MeetingAt,
            Facts = SealedText.Seal(key, db.TenantId, id, Disposition.FactsColumn, JsonSerializer.Serialize(facts, JsonSerializerOptions.Web)),
        });
    }

    /// <summary>What was marked before there was a book gets its row now, of what can still be known.</summary>
    public async Task EnsureAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (await db.Dispositions.AnyAsync(row => row.RecordingId == recordingId, cancellationToken))
            return;
        var recording = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == recordingId, cancellationToken);
        await BeginAsync(recording, Actor.System, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    public Task NoteKeysDestroyedAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        return db.Dispositions.Where(row => row.RecordingId == recordingId && row.KeysDestroyedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.KeysDestroyedAt, now), cancellationToken);
    }

    /// <param name="deleted">By this run: one that was killed had deleted some already, and counted none.</param>
    public async Task NoteObjectsDeletedAsync(Guid recordingId, int deleted, CancellationToken cancellationToken)
    {
        if (deleted > 0)
            await db.Dispositions.Where(row => row.RecordingId == recordingId).ExecuteUpdateAsync(set => set.SetProperty(row => row.ObjectsDeleted, row => row.ObjectsDeleted + deleted), cancellationToken);
    }

    public Task NoteBytesDeletedAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        return db.Dispositions.Where(row => row.RecordingId == recordingId && row.BytesDeletedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.BytesDeletedAt, now), cancellationToken);
    }

    /// <summary>What the certificate says of the time before, gathered before the last transaction: the log can be long.</summary>
    public async Task<(TrashedBy? Trashed, CopiesOut Copies)> BeforeAsync(Guid recordingId, CancellationToken cancellationToken) =>
        (await reading.TrashedAsync(recordingId, cancellationToken), await reading.CopiesAsync(recordingId, cancellationToken));

    /// <summary>Writes the last event and the certificate; in the running transaction, which deletes the last row. The caller saves and commits.</summary>
    public async Task CertifyAsync(Guid recordingId, TrashedBy? trashed, CopiesOut copies, CancellationToken cancellationToken)
    {
        // The number and the event's come behind the turn, so that neither has a gap.
        await audit.TakeTurnAsync(cancellationToken);
        var row = await db.Dispositions.SingleAsync(row => row.RecordingId == recordingId, cancellationToken);
        var number = (await db.Dispositions.MaxAsync(other => other.Number, cancellationToken) ?? 0) + 1;
        var eventId = await audit.AppendAsync(
            new AuditEntry(Destroyed, Actor.System, AuditTargetKind.Recording, recordingId) { Fields = [("certificate", $"{row.Id}"), ("number", $"{number}")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var eventNumber = await db.AuditEvents.AsNoTracking().Where(line => line.Id == eventId).Select(line => line.Number).SingleAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var facts = JsonSerializer.Deserialize<DispositionFacts>(row.Facts!.Value.Open(key, row.TenantId, row.Id, Disposition.FactsColumn), JsonSerializerOptions.Web)!;
        var now = time.Now();
        var text = CertificateText.Write(new CertificateContent(
            row, facts, trashed, copies, await frames.TenantNameAsync(cancellationToken), number, eventNumber, now, row.KeysDestroyedAt!.Value.AddDays(options.Value.Backup.KeysKeptDays)));
        using var signer = await signing.OpenAsync(SigningUse.Destruction, (_, _) => null, cancellationToken);
        var signed = SignedDocument.Sign(signer.Key, DocumentKind.DestructionCertificate, text, now);
        (row.Number, row.CertifiedAt, row.Facts) = (number, now, null);
        row.Certificate = SealedText.Seal(key, row.TenantId, row.Id, Disposition.CertificateColumn, Encoding.UTF8.GetString(signed.Write()));
    }
}
