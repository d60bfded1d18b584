using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Sessions;

/// <summary>A member's sessions that still run, in all his tenants.</summary>
internal sealed class SessionList(VaultDbContext db, MemberTenants tenants, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>The page shows no more; "end all others" ends those too that are not shown.</summary>
    private const int MostOnPage = 200;

    /// <summary>One page of them, the newest sign-in first, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<SessionResponse> Items, PagePlace? Next)> PageAsync(HttpContext http, int limit, PagePlace? after, CancellationToken cancellationToken)
    {
        var running = await RunningAsync(http, cancellationToken);
        if (after is { } place)
            running = running.Where(session => session.SignedInAt < place.Time || (session.SignedInAt == place.Time && session.Id.CompareTo(place.Id) < 0));
        var rows = await running.OrderByDescending(session => session.SignedInAt).ThenByDescending(session => session.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = rows.Take(limit).ToList();
        return ([.. page.Select(row => Response(row, http))], rows.Count > limit ? new PagePlace(page[^1].SignedInAt, page[^1].Id) : null);
    }

    /// <summary>His present one, then the others, the last seen first.</summary>
    private async Task<IReadOnlyList<SessionResponse>> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var current = http.User.SessionId();
        var rows = await (await RunningAsync(http, cancellationToken))
            .OrderByDescending(session => session.Id == current).ThenByDescending(session => session.LastSeenAt).ThenByDescending(session => session.Id)
            .Take(MostOnPage).ToListAsync(cancellationToken);
        return [.. rows.Select(row => Response(row, http))];
    }

    private async Task<IQueryable<Session>> RunningAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var memberId = http.User.MemberId();
        var tenantIds = await tenants.ListAsync(memberId, cancellationToken);
        return db.Sessions.AsNoTracking().RunningOf(memberId, time.Now())
            .Where(session => tenantIds.Contains(session.TenantId) && db.Users.Any(member => member.Id == memberId && member.SecurityStamp == session.Stamp));
    }

    private SessionResponse Response(Session row, HttpContext http) => new(
        row.Id, row.Id == http.User.SessionId(), row.TenantId, BrowserWords.Of(Open(row.UserAgent, row, Session.UserAgentColumn)), Open(row.Address, row, Session.AddressColumn),
        row.SignedInAt, row.LastSeenAt, row.EndsAt, row.IsByPasskey ? "passkey" : row.HasTwoFactors ? "two-factors" : "password");

    public async Task<SessionsPartModel> PartAsync(HttpContext http, PageFrame frame, CancellationToken cancellationToken) => new()
    {
        Frame = frame,
        Sessions = [.. (await ReadAsync(http, cancellationToken)).Select(session => new SessionLine(session.Id, session.Browser, session.SignedInAt, session.LastSeenAt, session.Method)
        {
            IsCurrent = session.Current,
            IsInAnotherTenant = session.TenantId != db.TenantId,
            Address = session.Address,
        })],
    };

    private string? Open(SealedText? text, Session row, string column) => text?.Open(keyring.Vault, Guid.Empty, row.Id, column);
}
