using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Audit;

internal sealed record AuditPartyResponse(string Kind, Guid? Id);

/// <summary>An event as the API tells it; details are the opened personal values (names, addresses, reasons), empty where they were erased.</summary>
internal sealed record AuditEventResponse(
    Guid Id, long Number, DateTimeOffset Time, string Type, AuditPartyResponse Actor, AuditPartyResponse? Target, string Outcome, bool Decrypted,
    IReadOnlyDictionary<string, string> Details);

/// <summary>Reads the tenant's log.</summary>
internal sealed class AuditReading(VaultDbContext db, TenantKeys keys, Cursors cursors, IEnumerable<ITargetKin> kin)
{
    private const string List = "audit";

    /// <summary>Newest first, paged by number. Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<AuditEventResponse>?> PageAsync(AuditFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = await FilteredAsync(filter, cancellationToken);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var place))
                return null;
            var before = place.Time.UtcTicks;
            query = query.Where(line => line.Number < before);
        }

        var rows = await Rows(query.OrderByDescending(line => line.Number).Take(limit + 1)).ToListAsync(cancellationToken);
        var items = await OpenAsync(rows.Take(limit), cancellationToken);
        // The log is ordered by number alone; the cursor carries it where other lists carry a time.
        var next = rows.Count > limit ? cursors.Write(List, db.TenantId, new PagePlace(new DateTimeOffset(rows[limit - 1].Number, TimeSpan.Zero), rows[limit - 1].Id)) : null;
        return new PageResponse<AuditEventResponse>(items, next);
    }

    /// <summary>Those behind one number up to another, oldest first, at most so many.</summary>
    public async Task<IReadOnlyList<AuditEventResponse>> BehindAsync(AuditFilter filter, long after, long last, int most, CancellationToken cancellationToken)
    {
        var query = (await FilteredAsync(filter, cancellationToken)).Where(line => line.Number > after && line.Number <= last);
        return await OpenAsync(await Rows(query.OrderBy(line => line.Number).Take(most)).ToListAsync(cancellationToken), cancellationToken);
    }

    public Task<long> NumberOfAsync(Guid id, CancellationToken cancellationToken) => db.AuditEvents.AsNoTracking().Where(line => line.Id == id).Select(line => line.Number).SingleAsync(cancellationToken);

    public async Task<int> CountAsync(AuditFilter filter, CancellationToken cancellationToken) => await (await FilteredAsync(filter, cancellationToken)).CountAsync(cancellationToken);

    /// <summary>How much happened since a moment.</summary>
    public async Task<AuditSums> SumsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await db.AuditEvents.AsNoTracking().Where(line => line.Time >= since)
            .GroupBy(line => new { line.Type, line.Outcome, line.ActorKind, line.Decrypted })
            .Select(group => new { group.Key, Count = group.Count() })
            .ToListAsync(cancellationToken);
        int Sum(Func<(string Type, AuditOutcome Outcome, AuditActorKind Actor, bool Decrypted), bool> which) =>
            rows.Where(row => which((row.Key.Type, row.Key.Outcome, row.Key.ActorKind, row.Key.Decrypted))).Sum(row => row.Count);
        return new AuditSums(
            Sum(line => line.Type == "viewing.started"),
            Sum(line => line.Decrypted),
            Sum(line => line.Outcome == AuditOutcome.Refused),
            Sum(line => line.Actor == AuditActorKind.Operator));
    }

    private async Task<IQueryable<AuditEvent>> FilteredAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        var query = db.AuditEvents.AsNoTracking();
        if (filter.Outcome is { } outcome)
            query = query.Where(line => line.Outcome == outcome);
        if (filter.Actors is { } kinds)
            query = query.Where(line => kinds.Contains(line.ActorKind));
        if (filter.Actor is { } actor)
            query = query.Where(line => line.ActorId == actor);
        if (filter.From is { } from)
            query = query.Where(line => line.Time >= from);
        if (filter.Before is { } before)
            query = query.Where(line => line.Time < before);
        if (filter.About?.Patterns is { } patterns)
            query = query.Where(line => patterns.Any(pattern => EF.Functions.Like(line.Type, pattern)));
        if (filter.Target is not { } target)
            return query;
        var targets = new List<Guid> { target };
        foreach (var source in kin)
            targets.AddRange(await source.OfAsync(target, cancellationToken));
        return query.Where(line => line.TargetId != null && targets.Contains(line.TargetId.Value));
    }

    /// <summary>Without the leaf, which can be long and which nobody reads here.</summary>
    private static IQueryable<Row> Rows(IQueryable<AuditEvent> query) => query.Select(line => new Row(
        line.TenantId, line.Id, line.Number, line.Time, line.Type, line.ActorKind, line.ActorId, line.TargetKind, line.TargetId, line.Outcome, line.Decrypted, line.Values));

    private async Task<IReadOnlyList<AuditEventResponse>> OpenAsync(IEnumerable<Row> rows, CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. rows.Select(line => line.Open(key))];
    }

    private sealed record Row(
        Guid TenantId, Guid Id, long Number, DateTimeOffset Time, string Type, AuditActorKind ActorKind, Guid? ActorId, AuditTargetKind? TargetKind, Guid? TargetId,
        AuditOutcome Outcome, bool Decrypted, SealedText? Values)
    {
        public AuditEventResponse Open(TenantDataKey key) => new(
            Id, Number, Time, Type, new AuditPartyResponse(Name(ActorKind.ToString()), ActorId), TargetKind is { } kind ? new AuditPartyResponse(Name(kind.ToString()), TargetId) : null,
            Name(Outcome.ToString()), Decrypted,
            Values is { } values ? AuditValues.Read(values.Open(key, TenantId, Id, AuditEvent.ValuesColumn)) : new Dictionary<string, string>(StringComparer.Ordinal));

        private static string Name(string member) => char.ToLowerInvariant(member[0]) + member[1..];
    }
}

/// <summary>How much happened in a time.</summary>
/// <param name="Viewings">Watching that began through a link.</param>
/// <param name="Opened">Releases of content.</param>
public sealed record AuditSums(int Viewings, int Opened, int Refused, int ByOperators);
