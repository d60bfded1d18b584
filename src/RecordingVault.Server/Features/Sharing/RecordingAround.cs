using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>What a recording's page tells beside the film: where its reader stopped, what happened to it last, when it was last read whole.</summary>
internal sealed class RecordingAround(VaultDbContext db, PlayPositions positions, AuditReading log)
{
    /// <summary>Nobody goes on at the very end.</summary>
    private static readonly TimeSpan End = TimeSpan.FromSeconds(10);

    private const int LinesOnPage = 6;

    /// <summary>Zero where he has not begun, or has seen the end.</summary>
    public async Task<TimeSpan> PositionAsync(HttpContext http, Guid recordingId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var position = await positions.FindAsync(http.User.MemberId(), recordingId, cancellationToken);
        return duration is { } whole && position > whole - End ? TimeSpan.Zero : position;
    }

    /// <summary>The newest lines of the log about it and its links, for whoever may read the log.</summary>
    public async Task<IReadOnlyList<AuditPageEvent>> ActivityAsync(HttpContext http, Guid recordingId, CancellationToken cancellationToken)
    {
        if (http.User.RoleInTenant() is not (Role.Owner or Role.Admin))
            return [];
        var page = await log.PageAsync(new AuditFilter { Target = recordingId }, LinesOnPage, cursor: null, cancellationToken);
        var reader = http.User.MemberId();
        return [.. (page?.Items ?? []).Select(line => LogLine.Of(line, reader, new Dictionary<Guid, string>()))];
    }

    /// <summary>When every stored byte of it was last read and found whole; null before the first time.</summary>
    public Task<DateTimeOffset?> VerifiedAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Recordings.AsNoTracking().Where(recording => recording.Id == recordingId).Select(recording => recording.VerifiedAt).SingleOrDefaultAsync(cancellationToken);
}
