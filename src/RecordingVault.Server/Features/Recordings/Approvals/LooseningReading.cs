using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <param name="Name">Null where there is no such account any more.</param>
public sealed record LooseningPerson(Guid Id, string? Name);

/// <param name="Before">The tag that it had when it was asked.</param>
/// <param name="Tag">The one that is wanted.</param>
/// <param name="Uses">Those for which everybody's consent is missing, which a second person's approval sets aside.</param>
/// <param name="State">pending, approved, declined, expired or stale.</param>
/// <param name="Word">Of whoever decided; null until then.</param>
public sealed record LooseningResponse(
    Guid Id, Guid Recording, string Before, string Tag, IReadOnlyList<string> Uses, string Reason, LooseningPerson AskedBy, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, string State, LooseningPerson? DecidedBy,
    DateTimeOffset? DecidedAt, string? Word);

/// <summary>Requests as Owners and Admins see them.</summary>
internal sealed class LooseningReading(VaultDbContext db, TenantKeys keys, MemberDirectory members, Cursors cursors, TimeProvider time)
{
    private const string Listed = "loosenings";

    /// <summary>
    /// Those that somebody can still approve: in time, asked since the organisation allows it, by one who could still loosen himself, and of a tag that nobody changed since. All of it is read from
    /// the rows, so that nobody who changes a tag, a role or a rule has to think of requests.
    /// </summary>
    public IQueryable<LooseningRequest> Live()
    {
        var now = time.Now();
        return db.LooseningRequests.Where(request => request.State == LooseningState.Pending && request.ExpiresAt > now
            && db.Tenants.Any(tenant => tenant.ApprovalSince != null && tenant.ApprovalSince <= request.CreatedAt)
            && db.Memberships.Any(membership => membership.MemberId == request.AskedBy && membership.EndedAt == null && membership.CreatedAt <= request.CreatedAt && (membership.Role == Role.Owner || membership.Role == Role.Admin))
            && db.Recordings.Any(recording => recording.Id == request.RecordingId && !recording.IsBeingDestroyed && recording.TagChanges == request.TagChanges));
    }

    /// <summary>The one that waits for this recording; null where none does.</summary>
    public async Task<LooseningResponse?> OfRecordingAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await Live().AsNoTracking().Where(request => request.RecordingId == recordingId).OrderByDescending(request => request.CreatedAt).FirstOrDefaultAsync(cancellationToken) is { } row
            ? (await OpenAsync([row], cancellationToken))[0] : null;

    public async Task<LooseningResponse?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await Rows().SingleOrDefaultAsync(request => request.Id == id, cancellationToken) is { } row ? (await OpenAsync([row], cancellationToken))[0] : null;

    /// <summary>The newest first; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<LooseningResponse>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = Rows();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<LooseningResponse>(await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, rows[limit - 1].Place()) : null);
    }

    private IQueryable<LooseningRequest> Rows() => db.LooseningRequests.AsNoTracking().Where(request => db.Recordings.Any(recording => recording.Id == request.RecordingId && !recording.IsBeingDestroyed));

    private async Task<IReadOnlyList<LooseningResponse>> OpenAsync(IReadOnlyList<LooseningRequest> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var live = await Live().Where(request => ids.Contains(request.Id)).Select(request => request.Id).ToListAsync(cancellationToken);
        var people = rows.SelectMany(row => new[] { row.AskedBy, row.DecidedBy ?? row.AskedBy }).Distinct().ToList();
        var names = (await db.Users.AsNoTracking().Where(member => people.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        await keys.OpenRecordingKeysAsync(rows.Select(row => row.RecordingId).Distinct(), cancellationToken);
        var opened = new List<LooseningResponse>();
        foreach (var row in rows)
        {
            using var key = await keys.RecordingKeyAsync(row.RecordingId, cancellationToken);
            opened.Add(new LooseningResponse(
                row.Id, row.RecordingId, row.Before.Name, row.Tag.Name, [.. UsageWords.UsesOfRow(row.Uses).Order().Select(use => use.Name())],
                row.Reason.Open(key, row.TenantId, row.Id, LooseningRequest.ReasonColumn), Person(row.AskedBy), row.CreatedAt, row.ExpiresAt, State(row, live.Contains(row.Id)),
                row.DecidedBy is { } decider ? Person(decider) : null, row.DecidedBy is null ? null : row.EndedAt, row.Word?.Open(key, row.TenantId, row.Id, LooseningRequest.WordColumn)));
        }

        return opened;

        LooseningPerson Person(Guid id) => new(id, names.GetValueOrDefault(id));
    }

    /// <summary>A row that no sweep has looked at yet says what the sweep will say.</summary>
    private string State(LooseningRequest row, bool isLive) => row.State switch
    {
        LooseningState.Approved => "approved",
        LooseningState.Declined => "declined",
        LooseningState.Expired => "expired",
        LooseningState.Pending when isLive => "pending",
        LooseningState.Pending when row.ExpiresAt <= time.GetUtcNow() => "expired",
        _ => "stale",
    };
}
