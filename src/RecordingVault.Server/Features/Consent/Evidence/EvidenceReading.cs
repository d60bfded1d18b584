using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <param name="Person">As he was named when it was given.</param>
internal sealed record EvidenceAbout(string Person, IReadOnlyList<EvidenceSaid> Said);

internal sealed record EvidenceSaid(string Purpose, string Status, string Method, DateTimeOffset At);

/// <param name="Records">Those that it shows; none where it has outlived them.</param>
/// <param name="KeptUntil">Kept at least until then; null: as long as one of the records.</param>
internal sealed record EvidenceResponse(
    Guid Id, IReadOnlyList<Guid> Records, string Name, string MediaType, long SizeInBytes, string Sha256, DateTimeOffset AddedAt, ConsentRecorder AddedBy, DateTimeOffset? KeptUntil, EvidenceAbout About);

internal sealed record EvidenceListResponse(IReadOnlyList<EvidenceResponse> Items);

internal static class EvidenceRows
{
    /// <summary>What is whole, and not destroyed.</summary>
    public static IQueryable<ConsentEvidence> Evidence(this VaultDbContext db) => db.ConsentEvidence.AsNoTracking().Where(row => row.ObjectId != null && row.EndedAt == null);

    /// <summary>What shows a record of this recording.</summary>
    public static IQueryable<ConsentEvidence> OfRecording(this IQueryable<ConsentEvidence> rows, VaultDbContext db, Guid recordingId) =>
        rows.Where(row => db.EvidenceRecords.Any(bound => bound.EvidenceId == row.Id && db.ConsentRecords.Any(record => record.Id == bound.RecordId && record.RecordingId == recordingId)));

    /// <summary>What has outlived every record that it shows.</summary>
    public static IQueryable<ConsentEvidence> Alone(this IQueryable<ConsentEvidence> rows, VaultDbContext db) => rows.Where(row => !db.EvidenceRecords.Any(bound => bound.EvidenceId == row.Id));
}

/// <summary>What is told of evidence, each piece opened under its own key; the files themselves are not.</summary>
internal sealed class EvidenceReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string Listed = "consent-evidence";

    /// <summary>Of a recording, the oldest first: as many as one can have.</summary>
    public async Task<IReadOnlyList<EvidenceResponse>> OfRecordingAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await OpenAsync(await db.Evidence().OfRecording(db, recordingId).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>What has outlived its recording, newest first; null when the cursor is none of this list.</summary>
    public async Task<PageResponse<EvidenceResponse>?> AlonePageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Evidence().Alone(db);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<EvidenceResponse>(await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, rows[limit - 1].Place()) : null);
    }

    public async Task<IReadOnlyList<EvidenceResponse>> OpenAsync(IReadOnlyList<ConsentEvidence> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var records = (await db.EvidenceRecords.AsNoTracking().Where(bound => ids.Contains(bound.EvidenceId)).OrderBy(bound => bound.RecordId).ToListAsync(cancellationToken)).ToLookup(bound => bound.EvidenceId, bound => bound.RecordId);
        List<EvidenceResponse> opened = [];
        foreach (var row in rows)
        {
            try
            {
                using var key = await keys.EvidenceKeyAsync(row.Id, cancellationToken);
                opened.Add(new EvidenceResponse(
                    row.Id, [.. records[row.Id]], row.Name!.Value.Open(key, row.TenantId, row.Id, ConsentEvidence.NameColumn), row.Kind!.Value.MediaType(), row.SizeInBytes!.Value,
                    row.Digest!.Value.Open(key, row.TenantId, row.Id, ConsentEvidence.DigestColumn), row.CreatedAt, new ConsentRecorder(ConsentWords.Name(row.AddedByKind), row.AddedById), row.KeptUntil,
                    JsonSerializer.Deserialize<EvidenceAbout>(row.About!.Value.Open(key, row.TenantId, row.Id, ConsentEvidence.AboutColumn))!));
            }
            catch (KeyDestroyedException)
            {
                // It was destroyed since the rows were read.
            }
        }

        return opened;
    }
}
