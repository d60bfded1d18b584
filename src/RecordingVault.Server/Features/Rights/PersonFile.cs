using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Rights;

/// <summary>
/// Everything that is held about one person: who he is here, the recordings that name him, what he said of each use and how it is known, what he was asked, his receipts, and to whom those recordings
/// were given. One JSON document; the recordings themselves are packages of their own.
/// </summary>
internal sealed class PersonFile(VaultDbContext db, TenantKeys keys, ContactReading contacts, ErasureRequests erasures, PageFrames frames, AuditLog audit, TimeProvider time)
{
    public const string Made = "person-file.made";
    private const int BatchLength = 100;

    private static readonly JsonSerializerOptions s_readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <summary>GET /api/v1/contacts/{id}/file. The event is durable before the document is given out.</summary>
    public static async Task<IResult> Handle(Guid id, HttpContext http, PersonFile file, CancellationToken cancellationToken)
    {
        if (await file.MakeAsync(id, http.Actor(), cancellationToken) is not { } document)
            return Problem.NotFound.ToResult();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(document, "application/json", "person-file.json");
    }

    private async Task<byte[]?> MakeAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var (contact, detail) = await contacts.FindAsync(id, limit: 1, cursor: null, cancellationToken);
        if (contact is null || detail is null)
            return null;
        var recordings = new List<object>();
        var people = contacts.Named(db.Participants.AsNoTracking().Where(person => db.ContactPeople.Any(link => link.ParticipantId == person.Id && link.ContactId == id)));
        for (var last = Guid.Empty; ;)
        {
            var after = last;
            var batch = await people.Where(one => one.Person.Id.CompareTo(after) > 0).OrderBy(one => one.Person.Id).Take(BatchLength).ToListAsync(cancellationToken);
            if (batch.Count == 0)
                break;
            last = batch[^1].Person.Id;
            foreach (var opened in await contacts.OpenPeopleAsync(batch, cancellationToken))
            {
                try
                {
                    recordings.Add(await RecordingAsync(opened, cancellationToken));
                }
                catch (KeyDestroyedException)
                {
                    // Destroyed since it was listed.
                }
            }
        }

        var document = new
        {
            format = "recordingvault.v1.person-file",
            madeAt = time.Now(),
            organisation = new { id = db.TenantId, name = await frames.TenantNameAsync(cancellationToken) },
            person = new { id, name = contact.Name, email = contact.Email, note = detail.Note, since = contact.CreatedAt },
            recordings,
            erasureRequests = await erasures.ListAsync(id, cancellationToken),
        };
        await audit.WriteAsync(new AuditEntry(Made, actor, AuditTargetKind.Tenant, db.TenantId) { Decrypted = true, Fields = [("contact", $"{id}")] }, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(document, s_readable);
    }

    private async Task<object> RecordingAsync(ContactRecordingResponse named, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(named.Recording, cancellationToken);
        var (recording, participant) = (named.Recording, named.Participant);
        var records = await db.ConsentRecords.AsNoTracking().Where(record => record.RecordingId == recording && record.ParticipantId == participant).OrderBy(record => record.Number).ToListAsync(cancellationToken);
        var requests = await db.ConsentRequests.AsNoTracking().Where(request => request.RecordingId == recording && request.ParticipantId == participant).OrderBy(request => request.CreatedAt).ToListAsync(cancellationToken);
        var receipts = await db.ConsentReceipts.AsNoTracking().Where(receipt => receipt.RecordingId == recording && receipt.ParticipantId == participant).OrderBy(receipt => receipt.CreatedAt).ToListAsync(cancellationToken);
        var ids = records.ConvertAll(record => record.Id);
        var evidence = (await db.EvidenceRecords.AsNoTracking().Where(bound => ids.Contains(bound.RecordId)).Select(bound => new { bound.RecordId, bound.EvidenceId }).ToListAsync(cancellationToken)).ToLookup(bound => bound.RecordId, bound => bound.EvidenceId);
        var source = await db.Participants.AsNoTracking().Where(person => person.Id == participant).Select(person => person.Source).SingleOrDefaultAsync(cancellationToken);
        // Opened here and now: the key goes with this method.
        return new
        {
            id = recording,
            title = named.Title,
            recordedAt = named.RecordedAt,
            trashedAt = named.TrashedAt,
            participant,
            namedAs = named.Name,
            email = named.Email,
            knownFrom = ConsentWords.Name(source),
            counts = named.Consents,
            records = records.Select(record => new
            {
                id = record.Id,
                purpose = record.Purpose.Name(),
                status = ConsentWords.Name(record.Status),
                method = ConsentWords.Name(record.Method),
                lawfulBasis = record.LawfulBasis is { } basis ? ConsentWords.Name(basis) : null,
                at = record.SaidAt,
                recordedAt = record.CreatedAt,
                seconds = record.AtSeconds,
                textVersion = record.TextVersion,
                language = record.Language,
                evidence = evidence[record.Id],
                note = record.Note?.Open(key, record.TenantId, record.Id, ConsentRecord.NoteColumn),
            }).ToList(),
            asked = requests.Select(request => new
            {
                id = request.Id,
                purposes = request.Purposes.Split(' '),
                mayWatch = request.MayWatch,
                note = request.Note?.Open(key, request.TenantId, request.Id, ConsentRequest.NoteColumn),
                createdAt = request.CreatedAt,
                expiresAt = request.ExpiresAt,
                answeredAt = request.AnsweredAt,
            }).ToList(),
            receipts = receipts.Select(receipt => JsonDocument.Parse(receipt.Document.Open(key, receipt.TenantId, receipt.Id, ConsentReceipt.DocumentColumn)).RootElement).ToList(),
            givenTo = new { links = await LinksAsync(recording, key, cancellationToken), packages = await PackagesAsync(recording, cancellationToken) },
        };
    }

    private async Task<IReadOnlyList<object>> LinksAsync(Guid recordingId, OwnerKey key, CancellationToken cancellationToken) =>
        [.. (await db.Shares.AsNoTracking().Where(share => share.RecordingId == recordingId).OrderBy(share => share.CreatedAt).ToListAsync(cancellationToken)).Select(share => (object)new
        {
            recipient = share.RecipientName?.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn),
            createdAt = share.CreatedAt,
            expiresAt = share.ExpiresAt,
            stoppedAt = share.StoppedAt,
            mayDownload = share.AllowDownload,
        })];

    /// <summary>The recipient is under the package's own key; when that is gone, the log alone says who it was for.</summary>
    private async Task<IReadOnlyList<object>> PackagesAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var exports = await db.PackageExports.AsNoTracking().Where(export => db.PackageExportItems.Any(item => item.ExportId == export.Id && item.RecordingId == recordingId && item.IsPacked == true))
            .OrderBy(export => export.CreatedAt).ToListAsync(cancellationToken);
        var packages = new List<object>(exports.Count);
        foreach (var export in exports)
        {
            string? recipient = null;
            try
            {
                using var key = await keys.ExportKeyAsync(export.Id, cancellationToken);
                recipient = export.Recipient.Open(key, export.TenantId, export.Id, PackageExport.RecipientColumn);
            }
            catch (KeyDestroyedException)
            {
                // It was swept.
            }

            packages.Add(new { recipient, purpose = export.For.Name(), createdAt = export.CreatedAt, licensedUntil = export.LicensedUntil, fetches = export.Fetches, fetchedAt = export.FetchedAt });
        }

        return packages;
    }
}
