using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>What came of an answer by passkey.</summary>
internal abstract record PasskeyVerdict
{
    public sealed record Right(ProvedMember Member) : PasskeyVerdict;

    /// <param name="MemberId">Whose passkey was named, where it is one; it changes nothing of the answer.</param>
    public sealed record Wrong(Guid? MemberId) : PasskeyVerdict;

    /// <summary>The challenge was answered before, ran out, or was asked for something else.</summary>
    public sealed record Over : PasskeyVerdict;

    public sealed record Wait(DateTimeOffset Until) : PasskeyVerdict;
}

/// <summary>Checks who answers by passkey. Its tries are counted by themselves, per address: a throttled password closes no passkey, and the other way round.</summary>
internal sealed class PasskeyCheck(VaultDbContext db, IPasskeyHandler<Member> passkeys, PasskeyChallenges challenges, Throttling throttling, TimeProvider time)
{
    public async Task<PasskeyVerdict> CheckAsync(HttpContext http, PasskeyAnswer answer, ChallengePurpose purpose, CancellationToken cancellationToken)
    {
        var address = throttling.Passkeys(http.Connection.RemoteIpAddress);
        if (await throttling.TryAsync([address], cancellationToken) is { } until)
            return new PasskeyVerdict.Wait(until);
        if (await challenges.TakeAsync(http, purpose, cancellationToken) is not { } state)
            return new PasskeyVerdict.Over();

        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer.Json, AssertionState = state });
        if (!result.Succeeded || !answer.IsUserVerified || !await NoteUseAsync(result.Passkey, cancellationToken))
            return new PasskeyVerdict.Wrong(await FindOwnerAsync(answer, cancellationToken));

        await throttling.GiveBackAsync(address, cancellationToken);
        return new PasskeyVerdict.Right(new ProvedMember(result.User.Id, result.User.SecurityStamp!) { HasTwoFactors = true, IsByPasskey = true });
    }

    /// <summary>False when the passkey was removed meanwhile: saving it through Identity would put it back.</summary>
    private async Task<bool> NoteUseAsync(UserPasskeyInfo used, CancellationToken cancellationToken)
    {
        var known = await db.Passkeys.SingleOrDefaultAsync(passkey => passkey.CredentialId == used.CredentialId, cancellationToken);
        var row = await db.Set<IdentityUserPasskey<Guid>>().SingleOrDefaultAsync(passkey => passkey.CredentialId == used.CredentialId, cancellationToken);
        if (known is null || row is null)
            return false;
        known.LastUsedAt = time.Now();
        row.Data.SignCount = used.SignCount;
        row.Data.IsBackedUp = used.IsBackedUp;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private async Task<Guid?> FindOwnerAsync(PasskeyAnswer answer, CancellationToken cancellationToken) =>
        answer.CredentialId is { } id
            ? await db.Passkeys.AsNoTracking().Where(passkey => passkey.CredentialId == id).Select(passkey => (Guid?)passkey.MemberId).SingleOrDefaultAsync(cancellationToken)
            : null;
}
