using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Audit;

internal sealed record AuditPartyResponse(string Kind, Guid? Id);

/// <summary>An event as the API tells it; details are the opened personal values (names, addresses, reasons), empty where they were erased.</summary>
internal sealed record AuditEventResponse(
    Guid Id, long Number, DateTimeOffset Time, string Type, AuditPartyResponse Actor, AuditPartyResponse? Target, string Outcome, bool Decrypted,
    IReadOnlyDictionary<string, string> Details);

/// <summary>Which events: only refused ones, only those of one recording, link or member.</summary>
internal sealed record AuditFilter(bool OnlyRefused, Guid? Target);

/// <summary>Reads the tenant's log, newest first, paged by number.</summary>
internal sealed class AuditReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string List = "audit";

    /// <summary>Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<AuditEventResponse>?> PageAsync(AuditFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.AuditEvents.AsNoTracking();
        if (filter.OnlyRefused)
            query = query.Where(line => line.Outcome == AuditOutcome.Refused);
        if (filter.Target is { } target)
            query = query.Where(line => line.TargetId == target);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var place))
                return null;
            var before = place.Time.UtcTicks;
            query = query.Where(line => line.Number < before);
        }

        var rows = await query.OrderByDescending(line => line.Number).Take(limit + 1).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var items = rows.Take(limit).Select(line => new AuditEventResponse(
            line.Id,
            line.Number,
            line.Time,
            line.Type,
            new AuditPartyResponse(Name(line.ActorKind.ToString()), line.ActorId),
            line.TargetKind is { } kind ? new AuditPartyResponse(Name(kind.ToString()), line.TargetId) : null,
            Name(line.Outcome.ToString()),
            line.Decrypted,
            line.Values is { } values ? AuditValues.Read(values.Open(key, line.TenantId, line.Id, AuditEvent.ValuesColumn)) : new Dictionary<string, string>(StringComparer.Ordinal))).ToList();
        // The log is ordered by number alone; the cursor carries it where other lists carry a time.
        var next = rows.Count > limit ? cursors.Write(List, db.TenantId, new PagePlace(new DateTimeOffset(rows[limit - 1].Number, TimeSpan.Zero), rows[limit - 1].Id)) : null;
        return new PageResponse<AuditEventResponse>(items, next);
    }

    private static string Name(string member) => char.ToLowerInvariant(member[0]) + member[1..];
}
