using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A token gives nobody, by a link, what it may not be given itself: its list of purposes would be worth nothing.</summary>
internal sealed class LinkPurposes(VaultDbContext db, AuditLog audit, TimeProvider time)
{
    private static readonly string[] s_watch = ["view"];
    private static readonly string[] s_keep = ["view", "download"];

    /// <summary>Null for members in person, and where the token's list has what the link would allow.</summary>
    /// <param name="entry">What would have been written had it been done; the refusal is written in its place.</param>
    public async Task<Problem?> CheckAsync(HttpContext http, bool allowsDownload, AuditEntry entry, CancellationToken cancellationToken)
    {
        if (http.User.TokenId() is null)
            return null;
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { } standing)
            return Problem.Unauthorized;
        if (standing.Purposes is not { } listed || listed.Cover(allowsDownload ? s_keep : s_watch))
            return null;
        await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [("reason", PlaybackProblems.PurposeNotListed.Slug)] }, cancellationToken);
        return PlaybackProblems.PurposeNotListed;
    }
}
