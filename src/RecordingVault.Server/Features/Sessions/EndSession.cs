using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sessions;

/// <summary>A member ends a session of his, wherever it is: it is over with its next request, and what it streams stops.</summary>
internal static class EndSession
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, SessionEnding ending, CancellationToken cancellationToken) =>
        await ending.EndAsync(http, id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound.ToResult();

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> HandleForm(Guid id, HttpContext http, SessionEnding ending, CancellationToken cancellationToken) =>
        await PostedForm.ReadAsync(http.Request, cancellationToken) is null ? Problem.NoForm.ToResult()
        : await ending.EndAsync(http, id, cancellationToken) ? TypedResults.LocalRedirect(SettingsPaths.Security)
        : Problem.NotFound.ToResult();

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> HandleOthers(HttpContext http, SessionEnding ending, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is null)
            return Problem.NoForm.ToResult();
        await ending.EndOthersAsync(http, cancellationToken);
        return TypedResults.LocalRedirect(SettingsPaths.Security);
    }
}

/// <summary>Ends sessions, each in its own tenant, where what it streams hears of it.</summary>
internal sealed class SessionEnding(VaultDbContext db, SystemScope system, TimeProvider time)
{
    /// <summary>False when he has no such session. Ending twice is the same as once.</summary>
    public async Task<bool> EndAsync(HttpContext http, Guid id, CancellationToken cancellationToken)
    {
        var memberId = http.User.MemberId();
        if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.MemberId == memberId, cancellationToken) is not { } session)
            return false;
        await EndAsync(session, http.Actor(), cancellationToken);
        return true;
    }

    public async Task EndOthersAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var (memberId, current) = (http.User.MemberId(), http.User.SessionId());
        foreach (var session in await db.Sessions.AsNoTracking().RunningOf(memberId, time.Now()).Where(row => row.Id != current).ToListAsync(cancellationToken))
            await EndAsync(session, http.Actor(), cancellationToken);
    }

    private async Task EndAsync(Session session, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(session.TenantId);
        var there = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await there.Database.BeginTransactionAsync(cancellationToken);
        // The log's lock first, as everywhere: two who took log and session in different order would wait for each other.
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("session.ended", actor, AuditTargetKind.Member, session.MemberId) { ChangesPermission = true }, cancellationToken);
        var now = time.Now();
        if (await there.Sessions.Where(row => row.Id == session.Id && row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken) == 0)
            return;
        await there.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
