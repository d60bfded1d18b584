using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
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
internal sealed class TokenRevocation(VaultDbContext db, AuditLog audit, Revocations revocations, TimeProvider time)
{
    /// <summary>False when there is no such token in sight. Revoking twice is the same as once.</summary>
    public async Task<bool> RevokeAsync(Guid id, Guid? onlyOf, Actor actor, CancellationToken cancellationToken)
    {
        if (await db.ApiTokens.InSight(onlyOf).SingleOrDefaultAsync(token => token.Id == id, cancellationToken) is not { } found)
            return false;
        if (found.RevokedAt is not null)
            return true;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.Now();
        var line = new Queue<ApiToken>([found]);
        while (line.TryDequeue(out var token))
        {
            token.RevokedAt ??= now;
            await audit.AppendAsync(new AuditEntry("token.revoked", actor, AuditTargetKind.Token, token.Id), cancellationToken);
            foreach (var made in await db.ApiTokens.Where(other => other.MadeByTokenId == token.Id && other.RevokedAt == null).ToListAsync(cancellationToken))
                line.Enqueue(made);
        }

        await revocations.RaiseAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
