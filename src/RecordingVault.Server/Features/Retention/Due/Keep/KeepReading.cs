using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <param name="Name">Null where there is no such account any more.</param>
public sealed record KeepPerson(Guid Id, string? Name);

/// <param name="KeptUntil">Until when a person keeps it; null where nobody does, and then neither are the next three.</param>
/// <param name="DisposeAt">When it is due by all that is known; null where it is kept until somebody decides.</param>
/// <param name="ObligedUntil">Before then no byte of it goes, by a rule or by a person; null where nothing obliges.</param>
public sealed record KeepResponse(Guid Recording, DateTimeOffset? KeptUntil, KeepPerson? KeptBy, DateTimeOffset? KeptSince, string? Reason, DateTimeOffset? DisposeAt, DateTimeOffset? ObligedUntil);

/// <summary>What a person said of how long a recording is kept.</summary>
internal sealed class KeepReading(VaultDbContext db, TenantKeys keys, MemberDirectory members)
{
    /// <summary>Null where there is no such recording.</summary>
    public async Task<KeepResponse?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return null;
        if (await db.RecordingDisposals.AsNoTracking().SingleOrDefaultAsync(row => row.RecordingId == id, cancellationToken) is not { } row)
            return new KeepResponse(id, null, null, null, null, null, null);
        if (row is not { KeepUntil: not null, KeepBy: { } by })
            return new KeepResponse(id, null, null, null, null, row.DisposeAt, row.ObligedUntil);
        using var key = await keys.RecordingKeyAsync(id, cancellationToken);
        var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == by, cancellationToken);
        return new KeepResponse(
            id, row.KeepUntil, new KeepPerson(by, member is null ? null : members.NameOf(member)), row.KeepSince,
            row.KeepReason?.Open(key, row.TenantId, row.RecordingId, RecordingDisposal.KeepReasonColumn), row.DisposeAt, row.ObligedUntil);
    }
}
