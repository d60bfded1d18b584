using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Whether what a move brings has room where it goes: bytes and files, those of uploads that are under way with them, and people.</summary>
internal sealed class MoveRoom(VaultDbContext db, TenantKeys keys, RecordingRoom room)
{
    /// <summary>Our word for what it has too much of; null where it fits.</summary>
    public async Task<string?> WhyNotAsync(RecordingMove move, CancellationToken cancellationToken) =>
        !await FitsAsync(move, cancellationToken) ? "recording-full"
        : move.Kind == MoveKind.Merge && !await PeopleFitAsync(move.FromId, move.ToId, cancellationToken) ? "too-many-people"
        : null;

    /// <summary>Counted behind the tenant's turn it holds: an upload takes the turn before it begins.</summary>
    public async Task<bool> FitsAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        if (move.Kind == MoveKind.Merge)
            return await room.FitsAsync([move.FromId, move.ToId], files: 0, bytes: 0, cancellationToken);
        var planned = db.RecordingAssets.Where(asset => db.MovedAssets.Any(moved => moved.MoveId == move.Id && moved.OldId == asset.Id));
        var bytes = await planned.Where(asset => asset.DerivedFrom == null).SumAsync(asset => asset.SizeInBytes, cancellationToken);
        return await room.FitsAsync([move.ToId], await planned.CountAsync(cancellationToken), bytes, cancellationToken);
    }

    /// <summary>Whether those who are named in either are no more than one recording may name.</summary>
    public async Task<bool> PeopleFitAsync(Guid fromId, Guid toId, CancellationToken cancellationToken)
    {
        // Few are named in nearly all: then no name is opened.
        if (await db.Participants.CountAsync(person => person.RecordingId == fromId || person.RecordingId == toId, cancellationToken) <= PersonRequest.MostPeople)
            return true;
        using var from = await keys.RecordingKeyAsync(fromId, cancellationToken);
        using var to = await keys.RecordingKeyAsync(toId, cancellationToken);
        var people = await OfAsync(fromId, from, cancellationToken);
        people.UnionWith(await OfAsync(toId, to, cancellationToken));
        return people.Count <= PersonRequest.MostPeople;
    }

    private async Task<HashSet<(string, string?)>> OfAsync(Guid recordingId, OwnerKey key, CancellationToken cancellationToken) =>
        (await db.Participants.AsNoTracking().Where(person => person.RecordingId == recordingId).ToListAsync(cancellationToken)).Select(person => MovedWords.Opened(person, key)).ToHashSet();
}
