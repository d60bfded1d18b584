using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>What came of a code: taken, wrong, or too many tries.</summary>
internal abstract record CodeVerdict
{
    public sealed record Right : CodeVerdict;

    public sealed record Wrong : CodeVerdict;

    public sealed record Wait(DateTimeOffset Until) : CodeVerdict;
}

/// <summary>Takes a code of a member's authenticator, or one of his recovery codes. Tries of both are counted together, before the check.</summary>
internal sealed class CodeCheck(
    VaultDbContext db, MemberDirectory directory, LookupDigest lookup, VaultKeyring keyring, Throttling throttling, IServiceProvider services)
{
    private readonly KnownBrowsers browsers = services.GetRequiredService<KnownBrowsers>();
    private readonly RecoveryCodeUse recovery = services.GetRequiredService<RecoveryCodeUse>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    public async Task<CodeVerdict> CheckAsync(Guid memberId, string code, HttpContext http, Actor actor, CancellationToken cancellationToken)
    {
        var member = await directory.GetAsync(memberId, cancellationToken);
        var address = throttling.Address(http.Connection.RemoteIpAddress);
        // A browser in which he signed in before waits for itself alone, so that whoever has his password can't keep him out by wrong codes.
        ThrottleSubject[] subjects = browsers.Find(http.Request, lookup.Of(member.Email!), member.SecurityStamp) is { } known ? [Throttling.BrowserCode(known)] : [address, throttling.Code(memberId)];
        if (await throttling.TryAsync(subjects, cancellationToken) is { } until)
            return new CodeVerdict.Wait(until);

        var isRight = RecoveryCodeText.Parse(code) is { } kept
            ? await recovery.UseAsync(memberId, kept, actor, cancellationToken)
            : await TakeAsync(member, code, cancellationToken);
        if (!isRight)
            return new CodeVerdict.Wrong();
        foreach (var subject in subjects)
            await (subject == address ? throttling.GiveBackAsync(subject, cancellationToken) : throttling.ForgetAsync(subject, cancellationToken));
        return new CodeVerdict.Right();
    }

    /// <summary>The step is stored by the same statement that looks whether it is later than the last: of one code sent many times at once, one is taken.</summary>
    private async Task<bool> TakeAsync(Member member, string code, CancellationToken cancellationToken)
    {
        if (member.TotpSeed is not { } seed || TimeCode.Check(code, AuthenticatorSeed.Open(keyring, member.Id, seed), member.LastTotpStep, time.Now()) is not { } step)
            return false;
        return await db.Users
            .Where(row => row.Id == member.Id && row.SecurityStamp == member.SecurityStamp && row.TotpSeed != null && (row.LastTotpStep == null || row.LastTotpStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastTotpStep, step), cancellationToken) == 1;
    }
}
