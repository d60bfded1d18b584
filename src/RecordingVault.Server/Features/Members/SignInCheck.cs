using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Members;

/// <summary>What came of a sign-in: let in, wrong, or too many tries.</summary>
internal abstract record SignInVerdict
{
    public sealed record Right(ProvedMember Member) : SignInVerdict;

    /// <param name="MemberId">Whose account was tried, where there is one; it changes nothing of the answer.</param>
    public sealed record Wrong(Guid? MemberId) : SignInVerdict;

    public sealed record Wait(DateTimeOffset Until) : SignInVerdict;
}

/// <summary>Checks address and password. An unknown account takes the same path and the same work as a wrong password.</summary>
internal sealed class SignInCheck(VaultDbContext db, MemberDirectory directory, LookupDigest lookup, PasswordHashing hashing, Throttling throttling)
{
    private static readonly Member Anybody = new();

    public async Task<SignInVerdict> CheckAsync(string email, string password, System.Net.IPAddress? address, CancellationToken cancellationToken)
    {
        var account = Throttling.Account(lookup.Of(email));
        var machine = throttling.Address(address);
        if (await throttling.TryAsync([machine, account], cancellationToken) is { } until)
            return new SignInVerdict.Wait(until);

        var known = await directory.FindCredentialsAsync(email, cancellationToken);
        var result = hashing.VerifyHashedPassword(Anybody, known?.PasswordHash ?? hashing.Decoy, Shorten(password));
        if (known is null || result == PasswordVerificationResult.Failed || password.Length > PasswordRule.Longest)
            return new SignInVerdict.Wrong(known?.MemberId);

        await throttling.ForgetAsync(account, cancellationToken);
        await throttling.GiveBackAsync(machine, cancellationToken);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(known, password, cancellationToken);
        return new SignInVerdict.Right(new ProvedMember(known.MemberId, known.Stamp));
    }

    // What is too long to be a password is refused, and is not worth hashing whole.
    private static string Shorten(string password) => password.Length > PasswordRule.Longest ? "" : password;

    private Task<int> RehashAsync(Credentials known, string password, CancellationToken cancellationToken)
    {
        var hash = hashing.HashPassword(Anybody, password);
        return db.Users.Where(member => member.Id == known.MemberId && member.PasswordHash == known.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(member => member.PasswordHash, hash), cancellationToken);
    }
}
