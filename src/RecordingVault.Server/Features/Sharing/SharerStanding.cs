using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// Whether the one who makes or changes a link still may. Asked behind the tenant's lock, which whoever revokes a token or ends
/// a session or membership takes too: a link stands before the revocation, which can stop it, or is not made.
/// </summary>
internal sealed class SharerStanding(VaultDbContext db, TimeProvider time)
{
    public async Task<bool> IsGoodAsync(MemberPass pass, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin or Role.Contributor };
}
