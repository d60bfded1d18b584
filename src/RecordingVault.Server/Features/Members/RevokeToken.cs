using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

internal static class RevokeToken
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, TokenRevocation revocation, CancellationToken cancellationToken) =>
        await revocation.RevokeAsync(id, http.TokensInSight(), http.Actor(), cancellationToken) ? TypedResults.NoContent() : Problem.NotFound.ToResult();
}

/// <summary>Ends a token at once, and with it whatever tokens were made by it.</summary>
internal sealed class TokenRevocation(VaultDbContext db, AuditLog audit, TimeProvider time)
{
    /// <summary>False when there is no such token in sight. Revoking twice is the same as once, and ends what is left of its children.</summary>
    public async Task<bool> RevokeAsync(Guid id, Guid? onlyOf, Actor actor, CancellationToken cancellationToken)
    {
        if (!await db.ApiTokens.InSight(onlyOf).AnyAsync(token => token.Id == id, cancellationToken))
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // A child that is being made at this moment is either there now, or is refused because its maker has ended (TokenMaking).
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        var line = new Queue<ApiToken>([await db.ApiTokens.SingleAsync(token => token.Id == id, cancellationToken)]);
        while (line.TryDequeue(out var token))
        {
            if (token.RevokedAt is null)
            {
                token.RevokedAt = now;
                await audit.AppendAsync(new AuditEntry("token.revoked", actor, AuditTargetKind.Token, token.Id) { ChangesPermission = true }, cancellationToken);
            }

            foreach (var made in await db.ApiTokens.Where(other => other.MadeByTokenId == token.Id).ToListAsync(cancellationToken))
                line.Enqueue(made);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
