using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>A member takes a passkey away. Whoever has the device may be signed in with it, so every session of his ends, and the browser that did it goes on under a new one.</summary>
internal static class RemovePasskey
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(Guid id, HttpContext http, PasskeyRemoval removal, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is null)
            return Problem.NoForm.ToResult();
        return await removal.RemoveAsync(http, id, cancellationToken) is { } refused ? refused.ToResult() : TypedResults.LocalRedirect(SettingsPaths.Security);
    }
}

/// <summary>Takes off both rows of a passkey, and the recovery codes that nothing is left for.</summary>
internal sealed class PasskeyRemoval(VaultDbContext db, OwnAccountChange changes, MemberFactors factors, RecoveryCodeMaking codes)
{
    public Task<Problem?> RemoveAsync(HttpContext http, Guid id, CancellationToken cancellationToken) =>
        changes.MakeAsync(http, new WantedAccountChange("passkey.removed", MemberNotice.PasskeyRemoved) { ApplyAsync = (member, cancelled) => TakeOffAsync(member, id, cancelled) }, cancellationToken);

    private async Task<Problem?> TakeOffAsync(Member member, Guid id, CancellationToken cancellationToken)
    {
        if (await db.Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.MemberId == member.Id, cancellationToken) is not { } passkey)
            return Problem.NotFound;
        if (await factors.CheckRemovalAsync(member.Id, cancellationToken) is { } last)
            return last;
        await db.Set<IdentityUserPasskey<Guid>>().Where(row => row.CredentialId == passkey.CredentialId).ExecuteDeleteAsync(cancellationToken);
        if (member.TotpSeed is null)
            await codes.DropWithoutPasskeyAsync(member.Id, cancellationToken);
        return null;
    }
}
