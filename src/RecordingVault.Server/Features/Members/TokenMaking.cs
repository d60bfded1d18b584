using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Members;

/// <summary>A token that somebody wants for a member.</summary>
internal sealed record NewToken(string Name, Guid MemberId, Role Role, int Days)
{
    public const int LongestName = 100;
    public const int UsualDays = 90;
    public const int MostDays = 365;

    public IReadOnlyList<string> Purposes { get; init; } = TokenPurposes.Usual;

    /// <summary>The token in whose hand this one was asked for, if any.</summary>
    public Guid? MadeByTokenId { get; init; }

    public Problem? Check() =>
        string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl) ? Problem.Invalid("name", "say in 1 to 100 characters what the token is for.")
        : Days is < 1 or > MostDays ? Problem.Invalid("days", "a token lasts 1 to 365 days.")
        : null;
}

/// <summary>Makes API tokens in the scope's tenant.</summary>
internal sealed class TokenMaking(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    /// <summary>Adds the token and its event in one transaction. The text is shown to the asker once and kept nowhere.</summary>
    /// <returns>Null when the token in whose hand it was asked for, or the member, has ended meanwhile.</returns>
    public async Task<(ApiToken Token, TokenText Text)?> MakeAsync(NewToken wanted, Actor actor, CancellationToken cancellationToken)
    {
        var text = TokenText.New();
        var now = time.Now();
        using var key = await keys.DataKeyAsync(cancellationToken);
        var token = new ApiToken
        {
            TenantId = db.TenantId,
            Id = text.Id,
            SecretHash = SecretToken.Hash(text.Secret),
            MemberId = wanted.MemberId,
            Role = wanted.Role,
            Purposes = TokenPurposes.Write(wanted.Purposes),
            Name = SealedText.Seal(key, db.TenantId, text.Id, ApiToken.NameColumn, wanted.Name.Trim()),
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromDays(wanted.Days),
            MadeByTokenId = wanted.MadeByTokenId,
        };

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Locators.Add(new Locator { Id = token.Id, Kind = LocatorKind.ApiToken, TenantId = db.TenantId });
        db.ApiTokens.Add(token);
        await audit.AppendAsync(
            new AuditEntry("token.created", actor, AuditTargetKind.Token, token.Id) { Fields = [("name", wanted.Name.Trim()), ("role", wanted.Role.ToString()), ("purposes", TokenPurposes.Write(wanted.Purposes))] }, cancellationToken);
        // Behind the tenant's lock, which a revocation takes before it looks for children.
        if (wanted.MadeByTokenId is { } maker && !await db.ApiTokens.AsNoTracking().AnyAsync(row => row.Id == maker && row.RevokedAt == null && row.ExpiresAt > now, cancellationToken))
            return null;
        // The same for a person who was removed while he asked: his token would sleep until he is invited again.
        if (!await db.Memberships.AsNoTracking().AnyAsync(row => row.MemberId == wanted.MemberId && row.EndedAt == null, cancellationToken))
            return null;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (token, text);
    }
}
