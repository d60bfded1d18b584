using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The pictures of one list page leave by one decision: a single event names the recordings, and each of them gets its release of the purpose list, which the gate then joins
/// picture by picture and by nothing else: what stands beside a film has an event of its own. So a page of tiles writes one line, and no byte leaves that no line tells of (security.md 8).
/// </summary>
internal sealed class ListRelease(ReleaseCheck check, ReleaseBook book)
{
    /// <returns>What the picture is to leave for.</returns>
    public async Task<ReleasePurpose> OpenAsync(Asker asker, Guid recordingId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        // Who asks for one that his own list does not name has made the address up: that one is decided on alone, as without a list.
        if (ids.Count < 2 || !ids.Contains(recordingId))
            return ReleasePurpose.Preview;
        try
        {
            return await book.OpenListAsync(asker, recordingId, () => check.AllowedAsync(asker, ids, ReleasePurpose.List, cancellationToken), cancellationToken)
                ? ReleasePurpose.List
                : ReleasePurpose.Preview;
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            // The gate asks the same of the one picture, and answers that there is no record.
            book.TellNoRecord(recordingId, fault);
            return ReleasePurpose.Preview;
        }
    }
}
