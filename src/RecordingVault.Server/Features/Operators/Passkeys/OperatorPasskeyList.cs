using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>An operator's passkeys, the oldest first.</summary>
internal sealed class OperatorPasskeyList(VaultDbContext db, VaultKeyring keyring, PublicAddress address)
{
    public async Task<PasskeysPartModel> PartAsync(HttpContext http, PageFrame frame, CancellationToken cancellationToken) => new()
    {
        Frame = frame,
        Own = AddOperatorPasskey.Path,
        Passkeys = await ReadAsync(http.User.OperatorId()!.Value, cancellationToken),
        CanAdd = address.TakesPasskeys(http.Request),
    };

    public Task<int> CountAsync(Guid operatorId, CancellationToken cancellationToken) => db.OperatorPasskeys.CountAsync(passkey => passkey.OperatorId == operatorId, cancellationToken);

    private async Task<IReadOnlyList<PasskeyLine>> ReadAsync(Guid operatorId, CancellationToken cancellationToken)
    {
        var rows = await db.OperatorPasskeys.AsNoTracking().Where(passkey => passkey.OperatorId == operatorId).OrderBy(passkey => passkey.CreatedAt).ThenBy(passkey => passkey.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new PasskeyLine(row.Id, row.Name.Open(keyring.Vault, Guid.Empty, row.Id, OperatorPasskey.NameColumn), row.CreatedAt, row.LastUsedAt))];
    }
}
