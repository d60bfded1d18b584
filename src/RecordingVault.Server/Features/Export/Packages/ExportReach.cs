using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>Which exports are there for somebody: those for what he could take a recording away for himself. A token that only watches learns of none, and ends none.</summary>
internal sealed class ExportReach(VaultDbContext db, TimeProvider time)
{
    public async Task<IReadOnlyList<Purpose>> PurposesAsync(HttpContext http, CancellationToken cancellationToken)
    {
        // A member's standing does not hang on a recording.
        var standing = await MemberAsker.Of(http).StandingAsync(db, Guid.Empty, time.Now(), cancellationToken);
        return [.. Purposes.Stated.Where(purpose => ReleaseRules.MayTakeFor(standing, purpose))];
    }
}
