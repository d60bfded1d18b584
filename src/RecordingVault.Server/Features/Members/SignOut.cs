using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

internal static class SignOut
{
    // Not "cookies": that would reach every host of the owner's domain. Ours are deleted by name.
    private const string Forget = "\"cache\", \"storage\"";

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(
        HttpContext http, VaultDbContext db, AuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is not { } sessionId)
            return Problem.Forbidden.ToResult();
        var now = time.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.AppendAsync(new AuditEntry("member.signed-out", http.Actor(), AuditTargetKind.Member, http.User.MemberId()) { ChangesPermission = true }, cancellationToken);
        await db.Sessions.Where(session => session.Id == sessionId && session.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        SessionCookie.Delete(http.Response);
        http.Response.Headers["Clear-Site-Data"] = Forget;
        return TypedResults.LocalRedirect("/signin?signedOut=true");
    }
}
