using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators.Passkeys;

internal static class RenameOperatorPasskey
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, VaultDbContext db, VaultKeyring keyring, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var operatorId = http.User.OperatorId();
        if (await db.OperatorPasskeys.SingleOrDefaultAsync(passkey => passkey.Id == id && passkey.OperatorId == operatorId, cancellationToken) is not { } passkey)
            return Problem.NotFound.ToResult();
        if (PasskeyName.Check(form["name"]) is { } wrong)
            return Problem.Invalid("name", wrong).ToResult();
        passkey.Name = PasskeyName.Seal(keyring, id, form["name"].Trim(), OperatorPasskey.NameColumn);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.LocalRedirect(ShowOperatorSecurity.Path);
    }
}
