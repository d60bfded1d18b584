using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

internal abstract record OperatorVerdict
{
    public sealed record Right(Operator Operator) : OperatorVerdict;

    public sealed record Wrong : OperatorVerdict;

    /// <summary>The challenge of a passkey was answered before, ran out, or was asked for something else.</summary>
    public sealed record Over : OperatorVerdict;

    public sealed record Wait(DateTimeOffset Until) : OperatorVerdict;
}

/// <summary>
/// Checks an operator's name, password and code together: the answer never says which of them was wrong, so a password can't be tried apart from a code.
/// Tries are counted as members' are. Whoever has no such name costs the same.
/// </summary>
internal sealed class OperatorSignInCheck(VaultDbContext db, VaultKeyring keyring, PasswordHashing hashing, Throttling throttling, TimeProvider time)
{
    /// <summary>The hasher asks for an account and looks at nothing of it.</summary>
    public static readonly Member Anybody = new();

    public async Task<OperatorVerdict> CheckAsync(string name, string password, string code, IPAddress? address, CancellationToken cancellationToken)
    {
        var (verdict, subjects) = await CheckPasswordAsync(Operator.Digest(keyring.Vault, name), password, address, cancellationToken);
        if (verdict is not OperatorVerdict.Right right)
            return verdict;
        if (!await TakeCodeAsync(right.Operator, code, cancellationToken))
            return new OperatorVerdict.Wrong();
        await SettleAsync(subjects, cancellationToken);
        return right;
    }

    /// <summary>Of somebody who is signed in: his present password, counted in the same way.</summary>
    public async Task<OperatorVerdict> CheckPresentAsync(byte[] nameDigest, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var (verdict, subjects) = await CheckPasswordAsync(nameDigest, password, address, cancellationToken);
        if (verdict is OperatorVerdict.Right)
            await SettleAsync(subjects, cancellationToken);
        return verdict;
    }

    private async Task<(OperatorVerdict Verdict, ThrottleSubject[] Subjects)> CheckPasswordAsync(byte[] digest, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var account = Convert.ToHexStringLower(digest);
        ThrottleSubject[] subjects = [throttling.Network(account, address), throttling.Address(address), Throttling.Account(account)];
        if (await throttling.TryAsync(subjects, cancellationToken) is { } until)
            return (new OperatorVerdict.Wait(until), subjects);

        var found = await db.Operators.AsNoTracking().SingleOrDefaultAsync(row => row.NameDigest == digest, cancellationToken);
        var isTooLong = password.Length > PasswordRule.Longest;
        var result = hashing.VerifyHashedPassword(Anybody, found?.PasswordHash ?? hashing.Decoy, isTooLong ? "" : password);
        var isOver = found?.PasswordEndsAt <= time.Now();
        return found is null || isTooLong || isOver || result == PasswordVerificationResult.Failed
            ? (new OperatorVerdict.Wrong(), subjects)
            : (new OperatorVerdict.Right(found), subjects);
    }

    /// <summary>Of two requests with the same code one gets it.</summary>
    private async Task<bool> TakeCodeAsync(Operator found, string code, CancellationToken cancellationToken)
    {
        var seed = TimeCode.Seed(found.Seed.Open(keyring.Vault, Guid.Empty, found.Id, Operator.SeedColumn));
        var now = time.Now();
        if (TimeCode.Check(code, seed, found.LastStep, now) is not { } step)
            return false;
        return await db.Operators.Where(row => row.Id == found.Id && row.Stamp == found.Stamp && (row.LastStep == null || row.LastStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastStep, step).SetProperty(row => row.SignedInAt, now), cancellationToken) == 1;
    }

    private async Task SettleAsync(IEnumerable<ThrottleSubject> subjects, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
            await (subject.Rule == ThrottleRule.Address ? throttling.GiveBackAsync(subject, cancellationToken) : throttling.ForgetAsync(subject, cancellationToken));
    }
}
