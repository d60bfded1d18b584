using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

internal sealed class SegmentLedgers(VaultDbContext db, SealedStore store, TimeProvider time)
{
    public async Task<SegmentLedger> OpenAsync(Upload upload, CancellationToken cancellationToken)
    {
        var ledger = new SegmentLedger(db, store, upload, time);
        await ledger.LoadAsync(cancellationToken);
        return ledger;
    }
}

/// <summary>
/// The segments of one upload while a part is received. A segment that is in the store counts for nothing until its row is committed together
/// with the upload's offset; until then it is held, and dropping it loses nothing that was acknowledged.
/// </summary>
internal sealed class SegmentLedger(VaultDbContext db, SealedStore store, Upload upload, TimeProvider time)
{
    private readonly List<Held> held = [];
    private UploadSegment? tailRow;
    private ObjectRole tailRole;
    private int nextOrdinal;
    private long heldBytes;

    /// <summary>A segment in the store without a row, and the tail that was joined into it.</summary>
    private sealed record Held(SegmentRef Segment, ObjectRole Role, bool ReplacesRow);

    /// <summary>What the content was found to be; null until then.</summary>
    public ContentKind? Kind { get; set; }

    public ObjectRole Role => Kind?.Role ?? upload.Role;

    /// <summary>Bytes that are in segments, acknowledged or held.</summary>
    public long Position => upload.ReceivedBytes + heldBytes;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var last = await db.UploadSegments.Where(segment => segment.UploadId == upload.Id).OrderByDescending(segment => segment.Ordinal).FirstOrDefaultAsync(cancellationToken);
        nextOrdinal = last is null ? 0 : last.Ordinal + 1;
        tailRow = last is { PlaintextLength: < SegmentBuffer.Capacity } ? last : null;
        tailRole = upload.Role;
        if (upload.MediaType is { } mediaType)
            Kind = new ContentKind(upload.Role, mediaType);
    }

    /// <summary>The short segment at the end, which the next one begins with, and the role that it was sealed under.</summary>
    public (SegmentRef Segment, ObjectRole Role)? Tail =>
        held.Count > 0 ? (held[^1].Segment.PlaintextLength < SegmentBuffer.Capacity ? (held[^1].Segment, held[^1].Role) : null)
        : tailRow is null ? null
        : (tailRow.Ref, tailRole);

    /// <summary>Takes in a segment that is durable. When the tail was joined into it, it stands in the tail's place.</summary>
    public async Task HoldAsync(SegmentRef segment, bool hasTail)
    {
        var joined = hasTail ? Tail : null;
        var replacesRow = joined is not null && (held.Count == 0 || held[^1].ReplacesRow);
        if (joined is not null && held.Count > 0)
        {
            var before = held[^1];
            held.RemoveAt(held.Count - 1);
            await DeleteAsync(before.Segment.ObjectId, before.Role);
        }

        held.Add(new Held(segment, Role, replacesRow));
        heldBytes += segment.PlaintextLength - (joined?.Segment.PlaintextLength ?? 0);
    }

    /// <summary>Acknowledges what is held: rows, offset and verdict in one transaction, then the tail that they took the place of is deleted.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Another node received for this upload meanwhile; nothing was committed.</exception>
    public async Task CommitAsync()
    {
        (Guid ObjectId, ObjectRole Role)? replaced = null;
        var added = new List<UploadSegment>(held.Count);
        foreach (var (segment, _, replacesRow) in held)
        {
            if (replacesRow)
            {
                replaced = (tailRow!.ObjectId, tailRole);
                tailRow.Replace(segment);
                added.Add(tailRow);
            }
            else
            {
                added.Add(NewRow(segment));
            }
        }

        if (held.Count > 0)
            upload.Receive(heldBytes, time.Now());
        if (Kind is not null)
            (upload.Role, upload.MediaType) = (Kind.Role, Kind.MediaType);
        await db.SaveChangesAsync(CancellationToken.None); // the bytes are durable: an aborted request must not leave them unacknowledged
        Settle(added);
        if (replaced is { } old)
            await DeleteAsync(old.ObjectId, old.Role);
    }

    /// <summary>All segments in order, as the manifest will list them.</summary>
    public async Task<IReadOnlyList<SegmentRef>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await db.UploadSegments.AsNoTracking().Where(segment => segment.UploadId == upload.Id).OrderBy(segment => segment.Ordinal)
            .Select(segment => new { segment.ObjectId, segment.Salt, segment.PlaintextLength }).ToListAsync(cancellationToken);
        var all = rows.ConvertAll(row => new SegmentRef(row.ObjectId, row.Salt, row.PlaintextLength));
        foreach (var (segment, _, replacesRow) in held)
        {
            if (replacesRow)
                all[^1] = segment;
            else
                all.Add(segment);
        }

        return all;
    }

    /// <summary>The manifest binds what was held. The tail that it no longer names goes.</summary>
    public async Task DeleteReplacedTailAsync()
    {
        if (tailRow is not null && held.Exists(segment => segment.ReplacesRow))
            await DeleteAsync(tailRow.ObjectId, tailRole);
    }

    /// <summary>Whether another node went on with the upload, or ended it, since this one read its row.</summary>
    public async Task<bool> HasMovedAsync() => !await db.Uploads.AsNoTracking().AnyAsync(row => row.Id == upload.Id && row.Version == upload.Version, CancellationToken.None);

    /// <summary>A part that does not count: its segments go, the acknowledged ones stay as they are.</summary>
    public async Task DropHeldAsync()
    {
        foreach (var (segment, role, _) in held)
            await DeleteAsync(segment.ObjectId, role);
        held.Clear();
        heldBytes = 0;
        Kind = upload.MediaType is { } mediaType ? new ContentKind(upload.Role, mediaType) : null;
    }

    private UploadSegment NewRow(SegmentRef segment)
    {
        var row = new UploadSegment
        {
            TenantId = upload.TenantId,
            Id = Guid.CreateVersion7(),
            UploadId = upload.Id,
            Ordinal = nextOrdinal++,
            ObjectId = segment.ObjectId,
            Salt = segment.Salt.ToArray(),
            PlaintextLength = segment.PlaintextLength,
        };
        db.UploadSegments.Add(row);
        return row;
    }

    /// <summary>Keeps the tail's row at hand and lets go of the others: a long upload must not fill the context.</summary>
    private void Settle(List<UploadSegment> added)
    {
        held.Clear();
        heldBytes = 0;
        tailRole = upload.Role;
        if (added.Count == 0)
            return;
        tailRow = added[^1].PlaintextLength < SegmentBuffer.Capacity ? added[^1] : null;
        foreach (var row in added)
        {
            if (row != tailRow)
                db.Entry(row).State = EntityState.Detached;
        }
    }

    /// <summary>What can't be deleted now is an orphan that the sweep finds; no request fails for it.</summary>
    private async Task DeleteAsync(Guid objectId, ObjectRole role)
    {
        try
        {
            await store.DeleteSegmentAsync(upload.TenantId, upload.RecordingId, role, objectId, CancellationToken.None);
        }
        catch (IOException)
        {
            // An orphan, older than a day by the time it is swept.
        }
    }
}
