using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>Ends whatever tokens a member has in the scope's tenant.</summary>
internal sealed class TokenEnding(VaultDbContext db, AuditLog audit, TimeProvider time)
{
    /// <summary>In the running transaction, behind the tenant's lock; the caller saves. A token that was made by a token of his is his too.</summary>
    public async Task EndOfAsync(Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.Now();
        foreach (var token in await db.ApiTokens.Where(row => row.MemberId == memberId && row.RevokedAt == null).ToListAsync(cancellationToken))
        {
            token.RevokedAt = now;
            if (token.ExpiresAt > now)
                await audit.AppendAsync(new AuditEntry("token.revoked", actor, AuditTargetKind.Token, token.Id) { ChangesPermission = true }, cancellationToken);
        }
    }
}
