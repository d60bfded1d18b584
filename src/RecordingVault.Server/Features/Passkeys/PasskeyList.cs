using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>A member's passkeys, the oldest first.</summary>
internal sealed class PasskeyList(VaultDbContext db, VaultKeyring keyring, PublicAddress address)
{
    public async Task<PasskeysPartModel> PartAsync(HttpContext http, PageFrame frame, CancellationToken cancellationToken) =>
        new() { Frame = frame, Passkeys = await ReadAsync(http.User.MemberId(), cancellationToken), CanAdd = address.TakesPasskeys(http.Request) };

    public Task<int> CountAsync(Guid memberId, CancellationToken cancellationToken) => db.Passkeys.CountAsync(passkey => passkey.MemberId == memberId, cancellationToken);

    private async Task<IReadOnlyList<PasskeyLine>> ReadAsync(Guid memberId, CancellationToken cancellationToken)
    {
        var rows = await db.Passkeys.AsNoTracking().Where(passkey => passkey.MemberId == memberId).OrderBy(passkey => passkey.CreatedAt).ThenBy(passkey => passkey.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new PasskeyLine(row.Id, row.Name.Open(keyring.Vault, Guid.Empty, row.Id, Passkey.NameColumn), row.CreatedAt, row.LastUsedAt))];
    }
}
