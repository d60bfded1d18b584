using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <param name="Recording">Its id; there is nothing else of it any more.</param>
/// <param name="MeetingAt">When it was recorded, or else made here.</param>
public sealed record CertificateLine(Guid Id, int Number, Guid Recording, DateTimeOffset MeetingAt, long SizeInBytes, DateTimeOffset IssuedAt, bool IsByHand);

/// <summary>Certificates as they were written. None is ever written anew.</summary>
internal sealed class CertificateReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string Listed = "certificates";

    /// <summary>The newest first; null where the cursor is none of this list.</summary>
    public async Task<PageResponse<CertificateLine>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Dispositions.AsNoTracking().Where(row => row.Number != null);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var place))
                return null;
            // Ordered by number alone, which the cursor carries where other lists carry a time.
            var before = (int)place.Time.UtcTicks;
            query = query.Where(row => row.Number < before);
        }

        var rows = await query.OrderByDescending(row => row.Number).Take(limit + 1).Select(row => new { row.Id, row.Number, row.RecordingId, row.MeetingAt, row.SizeInBytes, row.CertifiedAt, row.ByKind }).ToListAsync(cancellationToken);
        return new PageResponse<CertificateLine>(
            [.. rows.Take(limit).Select(row => new CertificateLine(row.Id, row.Number!.Value, row.RecordingId, row.MeetingAt, row.SizeInBytes, row.CertifiedAt!.Value, row.ByKind != Vault.Audit.AuditActorKind.System))],
            rows.Count > limit ? cursors.Write(Listed, db.TenantId, new PagePlace(new DateTimeOffset(rows[limit - 1].Number!.Value, TimeSpan.Zero), rows[limit - 1].Id)) : null);
    }

    /// <summary>The signed text, which <c>vault verify</c> takes as it is; null where there is none.</summary>
    public async Task<(int Number, string Text)?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.Dispositions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.Number != null, cancellationToken) is not { Certificate: { } text } row)
            return null;
        using var key = await keys.DataKeyAsync(cancellationToken);
        return (row.Number!.Value, text.Open(key, row.TenantId, row.Id, Disposition.CertificateColumn));
    }

    /// <summary>What a certificate says, for its page.</summary>
    public async Task<CertificateShown?> ShowAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } found)
            return null;
        using var parsed = JsonDocument.Parse(found.Text);
        var (says, signature) = (parsed.RootElement.GetProperty("document"), parsed.RootElement.GetProperty("signature"));
        var (recording, reason, steps, remains) = (says.GetProperty("recording"), says.GetProperty("reason"), says.GetProperty("steps"), says.GetProperty("remains"));
        return new CertificateShown
        {
            Id = id,
            Number = found.Number,
            Organisation = says.GetProperty("organisation").GetProperty("name").GetString()!,
            IssuedAt = says.GetProperty("issuedAt").GetDateTimeOffset(),
            Recording = recording.GetProperty("id").GetGuid(),
            RecordedAt = recording.GetProperty("recordedAt") is { ValueKind: JsonValueKind.String } at ? at.GetDateTimeOffset() : null,
            UploadedAt = recording.GetProperty("uploadedAt") is { ValueKind: JsonValueKind.String } uploaded ? uploaded.GetDateTimeOffset() : null,
            SizeInBytes = recording.GetProperty("sizeInBytes").GetInt64(),
            Content = [.. recording.GetProperty("content").EnumerateArray().Select(asset => (asset.GetProperty("role").GetString()!, asset.GetProperty("sha256").GetString()))],
            IsBySchedule = reason.GetProperty("schedule").ValueKind == JsonValueKind.String,
            IsTrashingKnown = reason.TryGetProperty("trashed", out _),
            IsByHand = reason.GetProperty("destroyed").GetProperty("by").GetProperty("kind").GetString() != "system",
            Keys = [.. says.GetProperty("method").GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("recordingKey").GetGuid())],
            BegunAt = steps.GetProperty("begun").GetDateTimeOffset(),
            KeysDestroyedAt = steps.GetProperty("keysDestroyed").GetDateTimeOffset(),
            BytesDeletedAt = steps.GetProperty("bytesDeleted").GetDateTimeOffset(),
            ObjectsDeleted = says.GetProperty("verified").GetProperty("objectsDeleted").GetInt32(),
            HoldsLifted = says.GetProperty("holds").GetProperty("lifted").GetInt32(),
            BackupsUntil = remains.GetProperty("backupsReadableUntil").GetDateTimeOffset(),
            Copies = [.. remains.GetProperty("copies").EnumerateArray().Select(copy => (copy.GetProperty("kind").GetString()!, copy.GetProperty("recipient").GetString(), copy.GetProperty("at").GetDateTimeOffset()))],
            HasMoreCopies = remains.GetProperty("moreCopies").GetBoolean(),
            Event = says.GetProperty("log").GetProperty("event").GetInt64(),
            SignedBy = signature.GetProperty("keyId").GetGuid(),
        };
    }
}

/// <summary>A certificate, opened for its reader.</summary>
public sealed record CertificateShown
{
    public required Guid Id { get; init; }
    public required int Number { get; init; }
    public required string Organisation { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required Guid Recording { get; init; }
    public DateTimeOffset? RecordedAt { get; init; }
    public DateTimeOffset? UploadedAt { get; init; }
    public long SizeInBytes { get; init; }

    /// <summary>Role of each file that came in, and its SHA-256 where it was known.</summary>
    public IReadOnlyList<(string Role, string? Sha256)> Content { get; init; } = [];

    /// <summary>Its day had come by a schedule; else somebody put it into the trash.</summary>
    public bool IsBySchedule { get; init; }

    /// <summary>The log tells how it came into the trash.</summary>
    public bool IsTrashingKnown { get; init; }

    /// <summary>Somebody emptied it out of the trash; else its time there was over.</summary>
    public bool IsByHand { get; init; }
    public IReadOnlyList<Guid> Keys { get; init; } = [];
    public DateTimeOffset BegunAt { get; init; }
    public DateTimeOffset KeysDestroyedAt { get; init; }
    public DateTimeOffset BytesDeletedAt { get; init; }
    public int ObjectsDeleted { get; init; }
    public int HoldsLifted { get; init; }
    public DateTimeOffset BackupsUntil { get; init; }

    /// <summary>download or package, for whom, and when.</summary>
    public IReadOnlyList<(string Kind, string? Recipient, DateTimeOffset At)> Copies { get; init; } = [];
    public bool HasMoreCopies { get; init; }

    /// <summary>Its number in the log.</summary>
    public long Event { get; init; }
    public required Guid SignedBy { get; init; }
}
