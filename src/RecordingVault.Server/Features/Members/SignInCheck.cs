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
internal sealed class SignInCheck(VaultDbContext db, MemberDirectory directory, LookupDigest lookup, PasswordHashing hashing, Throttling throttling, KnownBrowsers browsers)
{
    private static readonly Member Anybody = new();

    public async Task<SignInVerdict> CheckAsync(string email, string password, HttpContext http, CancellationToken cancellationToken)
    {
        var digest = lookup.Of(email);
        var address = http.Connection.RemoteIpAddress;
        var account = await directory.FindCredentialsAsync(email, cancellationToken);
        // The narrowest first: who waits there counts against nobody else. The account last, so that only real tries re-arm its wait.
        ThrottleSubject[] subjects = browsers.Find(http.Request, digest, account?.Stamp) is { } known
            ? [Throttling.Browser(known)]
            : [throttling.Network(digest, address), throttling.Address(address), Throttling.Account(digest)];
        if (await throttling.TryAsync(subjects, cancellationToken) is { } until)
            return new SignInVerdict.Wait(until);

        var result = hashing.VerifyHashedPassword(Anybody, account?.PasswordHash ?? hashing.Decoy, Shorten(password));
        if (account is null || result == PasswordVerificationResult.Failed || password.Length > PasswordRule.Longest)
            return new SignInVerdict.Wrong(account?.MemberId);

        await SettleAsync(subjects, cancellationToken);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(account, password, cancellationToken);
        return new SignInVerdict.Right(new ProvedMember(account.MemberId, account.Stamp) { NeedsSecond = account.HasSecondFactor });
    }

    /// <summary>The owner proved himself: what was counted against him starts anew. The address gets this one try back; earlier ones may have been at others.</summary>
    private async Task SettleAsync(IEnumerable<ThrottleSubject> subjects, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
            await (subject.Rule == ThrottleRule.Address ? throttling.GiveBackAsync(subject, cancellationToken) : throttling.ForgetAsync(subject, cancellationToken));
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
