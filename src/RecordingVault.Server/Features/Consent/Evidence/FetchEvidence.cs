using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>
/// GET /api/v1/consent-evidence/{id}/download, the one door by which evidence leaves: each look is in the log before the first byte, and the file is to be kept by whoever fetched it, never
/// shown by a browser inside the vault's own origin.
/// </summary>
internal sealed partial class FetchEvidence(VaultDbContext db, TenantKeys keys, SealedStore store, EvidenceEnding ending, AuditLog audit, ILogger<FetchEvidence> log)
{
    public const string Viewed = "consent.evidence-viewed";

    public static Task Handle(Guid id, HttpContext http, FetchEvidence fetch, CancellationToken cancellationToken) => fetch.WriteAsync(id, http, cancellationToken);

    private async Task WriteAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        // What has outlived its recording is no contributor's any more: Owners and Admins keep it.
        var mayAlone = http.User.RoleInTenant() is Role.Owner or Role.Admin;
        if (await db.Evidence().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row || (await ending.RecordingOfAsync(id, cancellationToken) is var recordingId && recordingId is null && !mayAlone))
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var (targetKind, targetId) = recordingId is { } shown ? (AuditTargetKind.Recording, shown) : (AuditTargetKind.Tenant, db.TenantId);
        try
        {
            using var key = await keys.EvidenceKeyAsync(id, cancellationToken);
            var kind = row.Kind!.Value;
            var name = EvidenceNames.Leaving(row.Name!.Value.Open(key, row.TenantId, id, ConsentEvidence.NameColumn), kind);
            await audit.WriteAsync(new AuditEntry(Viewed, http.Actor(), targetKind, targetId) { Decrypted = true, Fields = [("evidence", $"{id}"), ("what", "file")] }, cancellationToken);
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            http.Response.ContentType = kind.MediaType();
            http.Response.ContentLength = row.SizeInBytes;
            http.Response.Headers.ContentDisposition = disposition.ToString();
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
            await store.CopyWholeAsync(key, ObjectRole.Evidence, row.ObjectId!.Value, http.Response.Body, cancellationToken);
        }
        catch (KeyDestroyedException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await Problem.NotFound.WriteAsync(http);
        }
        catch (SealedFormatException damage)
        {
            Damaged(log, id, db.TenantId, damage.Failure);
            await audit.WriteAsync(
                new AuditEntry("content.damaged", http.Actor(), targetKind, targetId) { Outcome = AuditOutcome.Refused, Fields = [("failure", damage.Failure.ToString()), ("evidence", $"{id}")] }, CancellationToken.None);
            // A part must not look like the whole.
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            await EvidenceProblems.Damaged.WriteAsync(http);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    [LoggerMessage(EventId = 660, Level = LogLevel.Critical, Message = "Stored evidence {EvidenceId} of tenant {TenantId} is damaged: {Failure}")]
    private static partial void Damaged(ILogger log, Guid evidenceId, Guid tenantId, FormatFailure failure);
}

/// <summary>POST /consent-records/{id}/hear: leads to the second at which something was spoken. Following it is a look at evidence, which the log keeps; that it plays is a release of its own.</summary>
internal static class HearConsent
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, VaultDbContext db, AuditLog audit, CancellationToken cancellationToken)
    {
        var record = await db.ConsentRecords.AsNoTracking()
            .SingleOrDefaultAsync(record => record.Id == id && record.AtSeconds != null && db.Recordings.Any(recording => recording.Id == record.RecordingId && !recording.IsBeingDestroyed), cancellationToken);
        if (record is null)
            return new NoSuchPage();
        var (from, to) = (Seconds(record.AtSeconds!.Value), record.UntilSeconds is { } until ? Seconds(until) : null);
        await audit.WriteAsync(
            new AuditEntry(FetchEvidence.Viewed, http.Actor(), AuditTargetKind.Recording, record.RecordingId) { Fields = [("record", $"{id}"), ("what", "spoken"), ("from", from), ("to", to)] }, cancellationToken);
        return TypedResults.LocalRedirect($"/recordings/{record.RecordingId}#t={from}{(to is null ? "" : $",{to}")}");
    }

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
