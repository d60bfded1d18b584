using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>A member's passkeys as factors that can be lost: all go at once, and with each what the vault says of it.</summary>
internal sealed class PasskeyFactor(VaultDbContext db, RecoveryCodeMaking codes) : ISecondFactor
{
    public Task<bool> IsSetUpAsync(Guid memberId, CancellationToken cancellationToken) => db.UserPasskeys.AnyAsync(passkey => passkey.UserId == memberId, cancellationToken);

    public Task RemoveAsync(Guid memberId, CancellationToken cancellationToken) => db.UserPasskeys.Where(passkey => passkey.UserId == memberId).ExecuteDeleteAsync(cancellationToken);

    public async Task RemoveSinceAsync(Guid memberId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await db.UserPasskeys.Where(passkey => passkey.UserId == memberId && !db.Passkeys.Any(known => known.CredentialId == passkey.CredentialId && known.CreatedAt < since))
            .ExecuteDeleteAsync(cancellationToken);
        if ((await db.Users.SingleAsync(row => row.Id == memberId, cancellationToken)).TotpSeed is null)
            await codes.DropWithoutPasskeyAsync(memberId, cancellationToken);
    }
}
