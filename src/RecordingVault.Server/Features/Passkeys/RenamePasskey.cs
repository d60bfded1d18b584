using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

internal static class RenamePasskey
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, VaultDbContext db, VaultKeyring keyring, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var memberId = http.User.MemberId();
        if (await db.Passkeys.SingleOrDefaultAsync(passkey => passkey.Id == id && passkey.MemberId == memberId, cancellationToken) is not { } passkey)
            return Problem.NotFound.ToResult();
        if (PasskeyName.Check(form["name"]) is { } wrong)
            return Problem.Invalid("name", wrong).ToResult();
        passkey.Name = PasskeyName.Seal(keyring, id, form["name"].Trim());
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.LocalRedirect(SettingsPaths.Security);
    }
}
