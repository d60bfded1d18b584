using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Which files a move takes along: all of a merged recording; of a split one the chosen files and whatever was made from them.</summary>
internal sealed class MovePlan(VaultDbContext db, TimeProvider time)
{
    /// <summary>The files that have joined since the plan was made, in the order of their ids.</summary>
    public async Task<IReadOnlyList<Guid>> MissingAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        var there = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == move.FromId)
            .OrderBy(asset => asset.Id).Select(asset => new { asset.Id, asset.DerivedFrom }).ToListAsync(cancellationToken);
        var planned = await db.MovedAssets.Where(asset => asset.MoveId == move.Id).Select(asset => asset.OldId).ToHashSetAsync(cancellationToken);
        var missing = new List<Guid>();
        // What was made from a file is younger than the file: in this order its own comes before it.
        foreach (var asset in there)
        {
            if ((move.Kind == MoveKind.Merge || (asset.DerivedFrom is { } from && planned.Contains(from))) && planned.Add(asset.Id))
                missing.Add(asset.Id);
        }

        return missing;
    }

    /// <summary>Adds files to the plan; the caller saves. Their new ids follow each other as the old ones do, and those that are there, whatever the clock says.</summary>
    public async Task AddAsync(RecordingMove move, IEnumerable<Guid> oldIds, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var newest = await db.RecordingAssets.Where(asset => asset.RecordingId == move.ToId).OrderByDescending(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);
        var planned = await db.MovedAssets.Where(asset => asset.MoveId == move.Id).OrderByDescending(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);
        foreach (var after in new[] { newest, planned }.OfType<Guid>().Select(id => MadeAt(id).AddMilliseconds(1)))
            now = after > now ? after : now;
        foreach (var (place, oldId) in oldIds.Index())
            db.MovedAssets.Add(new MovedAsset { TenantId = db.TenantId, Id = Guid.CreateVersion7(now.AddMilliseconds(place)), MoveId = move.Id, OldId = oldId });
    }

    /// <summary>The time inside a UUIDv7: its first 48 bits, in milliseconds.</summary>
    private static DateTimeOffset MadeAt(Guid id) => DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16));

    public Task<List<MovedAsset>> ListAsync(RecordingMove move, CancellationToken cancellationToken) =>
        db.MovedAssets.AsNoTracking().Where(asset => asset.MoveId == move.Id).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
}
