using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Factors;

/// <summary>POST …/recovery-codes: ten new ones, for who has a second factor that could be lost.</summary>
internal static class MakeRecoveryCodes
{
    public const string Path = SettingsPaths.Security + "/recovery-codes";

    public static async Task<Results<RazorComponentResult<RecoveryCodesPage>, RedirectHttpResult, ProblemHttpResult>> Handle(
        HttpContext http, MemberFactors factors, RecoveryCodeRenewal renewal, AuthenticatorAnswer answer, CancellationToken cancellationToken)
    {
        if (!(await factors.ReadAsync(http.User.MemberId(), cancellationToken)).HasSecond)
            return TypedResults.LocalRedirect(SettingsPaths.Security);
        return await renewal.RenewAsync(http, cancellationToken) is { } codes ? answer.Codes(http, codes, isNew: false) : Problem.Unauthorized.ToResult();
    }
}

/// <summary>Codes, notice and the event in the log of each of the member's tenants, in one transaction.</summary>
internal sealed class RecoveryCodeRenewal(VaultDbContext db, RecoveryCodeMaking making, IMemberNotices notices, AccountLog log)
{
    /// <returns>Null where the session was ended while the request was on its way; then nothing happened.</returns>
    public async Task<IReadOnlyList<string>?> RenewAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var (memberId, sessionId) = (http.User.MemberId(), http.User.SessionId());
        var entry = new AuditEntry("recovery-codes.made", http.Actor(), AuditTargetKind.Member, memberId);
        await using var transaction = await log.BeginAsync(memberId, entry, cancellationToken);
        // Behind the logs' locks, as whatever ends sessions stands there too.
        if (!await db.Sessions.AnyAsync(row => row.Id == sessionId && row.EndedAt == null, cancellationToken))
            return null;
        var codes = await making.ReplaceAsync(memberId, cancellationToken);
        await notices.TellAsync(memberId, MemberNotice.RecoveryCodesMade, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return codes;
    }
}
