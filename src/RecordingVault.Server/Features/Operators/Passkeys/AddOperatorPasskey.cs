using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>An operator lets one of his authenticators make a passkey for the name of his listener. It ends nothing that was open.</summary>
internal static class AddOperatorPasskey
{
    public const string Path = ShowOperatorSecurity.Path + "/passkeys";

    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ask(
        HttpContext http, PublicAddress address, OperatorPasskeyList list, IPasskeyHandler<Operator> passkeys, PasskeyChallenges challenges, CancellationToken cancellationToken)
    {
        if (!address.TakesPasskeys(http.Request))
            return PasskeyProblems.NeedsName.ToResult();
        var id = http.User.OperatorId()!.Value;
        if (await list.CountAsync(id, cancellationToken) >= Passkey.Most)
            return PasskeyProblems.TooMany.ToResult();
        var name = http.User.Identity?.Name ?? "";
        var options = await passkeys.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = id.ToString(), Name = name, DisplayName = name + " (operator)" }, http);
        challenges.Ask(http, ChallengePurpose.OperatorAdd, options.AttestationState ?? "");
        return TypedResults.Content(options.CreationOptionsJson, "application/json");
    }

    public static async Task<Results<Ok<AddedPasskeyResponse>, ProblemHttpResult>> Handle(
        AddPasskeyRequest request, HttpContext http, IPasskeyHandler<Operator> passkeys, PasskeyChallenges challenges, OperatorPasskeyAdding adding, CancellationToken cancellationToken)
    {
        if (PasskeyName.Check(request.Name) is { } wrong)
            return Problem.Invalid("name", wrong).ToResult();
        if (PasskeyAnswer.Read(request.Credential) is not { } answer)
            return Problem.BadRequest.ToResult();
        if (await challenges.TakeAsync(http, ChallengePurpose.OperatorAdd, cancellationToken) is not { } state)
            return PasskeyProblems.Over.ToResult();

        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer.Json, AttestationState = state });
        if (!result.Succeeded || !result.Passkey.IsUserVerified || result.UserEntity.Id != http.User.OperatorId().ToString())
            return PasskeyProblems.Refused.ToResult();
        var name = request.Name!.Trim();
        var (added, refusal) = await adding.AddAsync(http, result.Passkey, name, cancellationToken);
        return added is null ? refusal!.ToResult() : TypedResults.Ok(new AddedPasskeyResponse(added.Id, name, added.CreatedAt));
    }
}

internal sealed partial class OperatorPasskeyAdding(VaultDbContext db, OperatorPasskeyList list, VaultKeyring keyring, TimeProvider time, ILogger<OperatorPasskeyAdding> log)
{
    /// <returns>The passkey, or why there is none.</returns>
    public async Task<(OperatorPasskey? Passkey, Problem? Refusal)> AddAsync(HttpContext http, UserPasskeyInfo made, string name, CancellationToken cancellationToken)
    {
        var (id, operatorId, sessionId) = (Guid.CreateVersion7(), http.User.OperatorId()!.Value, http.User.OperatorSessionId());
        var passkey = new OperatorPasskey
        {
            Id = id,
            OperatorId = operatorId,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            Name = PasskeyName.Seal(keyring, id, name, OperatorPasskey.NameColumn),
            CreatedAt = time.Now(),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Takes the operator's row: of two that are added at once the later one counts the earlier.
        await db.Operators.Where(row => row.Id == operatorId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Stamp, row => row.Stamp), cancellationToken);
        // Another browser of his may have ended this session while the request was on its way.
        if (!await db.OperatorSessions.AnyAsync(row => row.Id == sessionId && row.OperatorId == operatorId && row.EndedAt == null, cancellationToken))
            return (null, Problem.Unauthorized);
        if (await list.CountAsync(operatorId, cancellationToken) >= Passkey.Most)
            return (null, PasskeyProblems.TooMany);
        db.OperatorPasskeys.Add(passkey);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Added(operatorId, id);
        return (passkey, null);
    }

    [LoggerMessage(EventId = 422, Level = LogLevel.Warning, Message = "Operator {OperatorId} added the passkey {PasskeyId}")]
    private partial void Added(Guid operatorId, Guid passkeyId);
}
