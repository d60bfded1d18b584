using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>
/// In whose texts somebody may search. A search that says whether a word was spoken shows content, so it reaches as far as watching does: not into what is restricted to
/// others, and not by a token whose purposes leave viewing out. Titles and people stand in every list and are searched by all.
/// </summary>
internal sealed record SearchReader(Guid MemberId, bool ReadsTexts, bool SeesRestricted)
{
    /// <summary>The same of one row, as the gate decides for viewing.</summary>
    public bool MayRead(Recording recording) => ReadsTexts && (recording.Label != ConfidentialityLabel.Restricted || SeesRestricted || recording.CreatedBy == MemberId);

    public static async Task<SearchReader> OfAsync(HttpContext http, VaultDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var standing = await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken);
        return new SearchReader(http.User.MemberId(), standing is not null && (standing.Purposes?.Contains("view", StringComparer.Ordinal) ?? true), standing?.Role is Role.Owner or Role.Admin);
    }
}
