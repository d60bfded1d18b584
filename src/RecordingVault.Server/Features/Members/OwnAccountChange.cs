using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>What a member changes of all that lets him in.</summary>
/// <param name="Type">Of the event.</param>
internal sealed record WantedAccountChange(string Type, MemberNotice Notice)
{
    /// <summary>The change itself has shown a second factor, so the session that goes on has two and counts as signed in now.</summary>
    public bool ShowsSecondFactor { get; init; }

    /// <summary>Changes the account in the running transaction, or says why not; then nothing has happened.</summary>
    public required Func<Member, CancellationToken, Task<Problem?>> ApplyAsync { get; init; }
}

/// <summary>
/// A password or a second factor comes or goes: with a new stamp every session of the member ends, and the browser that did it goes on under a new one. Account,
/// sessions, notice and the event in the log of each of the member's tenants are one transaction.
/// </summary>
internal sealed class OwnAccountChange(VaultDbContext db, AccountChange account, IMemberNotices notices, VaultKeyring keyring, TimeProvider time)
{
    public async Task<Problem?> MakeAsync(HttpContext http, WantedAccountChange wanted, CancellationToken cancellationToken)
    {
        var (memberId, sessionId) = (http.User.MemberId(), http.User.SessionId());
        var entry = new AuditEntry(wanted.Type, http.Actor(), AuditTargetKind.Member, memberId) { ChangesPermission = true };
        Problem? refused = null;
        byte[] secret = [];
        var isMade = await account.RunAsync(
            memberId,
            entry,
            async () =>
            {
                var member = await db.Users.SingleAsync(row => row.Id == memberId, cancellationToken);
                // It may have been ended while this request was on its way: then it does not go on.
                if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == sessionId && row.EndedAt == null, cancellationToken) is not { } before)
                    refused = Problem.Unauthorized;
                else if ((refused = await wanted.ApplyAsync(member, cancellationToken)) is null)
                    secret = await GoOnAsync(before, member, http, wanted, cancellationToken);
                return refused is null;
            },
            cancellationToken);
        if (!isMade)
            return refused ?? Problem.ChangedMeanwhile;
        SessionCookie.Write(http.Response, secret);
        return null;
    }

    private async Task<byte[]> GoOnAsync(Session before, Member member, HttpContext http, WantedAccountChange wanted, CancellationToken cancellationToken)
    {
        member.EndSessions();
        await account.EndSessionsAsync(member.Id, cancellationToken);
        var (session, secret) = before.GoOn(member.SecurityStamp!, wanted.ShowsSecondFactor, http.Actor(), keyring.Vault, time.Now());
        db.Sessions.Add(session);
        await notices.TellAsync(member.Id, wanted.Notice, cancellationToken);
        return secret;
    }
}
