using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>An operator takes a passkey away: whoever has the device may be signed in with it, so every session of his ends, and the browser that did it goes on under a new one.</summary>
internal static class RemoveOperatorPasskey
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(Guid id, HttpContext http, OperatorPasskeyRemoval removal, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is null)
            return Problem.NoForm.ToResult();
        return await removal.RemoveAsync(http, id, cancellationToken) ? TypedResults.LocalRedirect(ShowOperatorSecurity.Path) : Problem.NotFound.ToResult();
    }
}

internal sealed partial class OperatorPasskeyRemoval(VaultDbContext db, OperatorSessions sessions, ILogger<OperatorPasskeyRemoval> log)
{
    /// <summary>False where he has no such passkey.</summary>
    public async Task<bool> RemoveAsync(HttpContext http, Guid id, CancellationToken cancellationToken)
    {
        var (operatorId, stamp) = (http.User.OperatorId()!.Value, Guid.NewGuid().ToString());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.OperatorPasskeys.Where(passkey => passkey.Id == id && passkey.OperatorId == operatorId).ExecuteDeleteAsync(cancellationToken) != 1)
            return false;
        // A sign-in by this passkey that is on its way meanwhile carries the stamp of before, and opens nothing.
        await db.Operators.Where(row => row.Id == operatorId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Stamp, stamp), cancellationToken);
        if (!await sessions.GoOnAsync(http, operatorId, stamp, cancellationToken))
            return false;
        await transaction.CommitAsync(cancellationToken);
        Removed(operatorId, id);
        return true;
    }

    [LoggerMessage(EventId = 423, Level = LogLevel.Warning, Message = "Operator {OperatorId} removed the passkey {PasskeyId}")]
    private partial void Removed(Guid operatorId, Guid passkeyId);
}
