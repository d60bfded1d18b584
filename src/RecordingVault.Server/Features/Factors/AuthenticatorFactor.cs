using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Factors;

/// <summary>The authenticator as a factor that can be lost: with it go the recovery codes, of which whoever found them would have a use.</summary>
internal sealed class AuthenticatorFactor(VaultDbContext db, RecoveryCodeMaking codes) : ISecondFactor
{
    public Task<bool> IsSetUpAsync(Guid memberId, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(member => member.Id == memberId && member.TotpSeed != null, cancellationToken);

    public async Task RemoveAsync(Guid memberId, CancellationToken cancellationToken)
    {
        await db.RecoveryCodes.Where(code => code.MemberId == memberId).ExecuteDeleteAsync(cancellationToken);
        (await db.Users.SingleAsync(row => row.Id == memberId, cancellationToken)).DropAuthenticator();
    }

    public async Task RemoveSinceAsync(Guid memberId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await db.RecoveryCodes.Where(code => code.MemberId == memberId && code.CreatedAt >= since).ExecuteDeleteAsync(cancellationToken);
        var member = await db.Users.SingleAsync(row => row.Id == memberId, cancellationToken);
        if (member.TotpSeed is null || member.TotpSince < since)
            return;
        member.DropAuthenticator();
        await codes.DropWithoutPasskeyAsync(memberId, cancellationToken);
    }
}
