using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Merges and splits that the reader asked for and that moved nothing: the recording whose files were meant says why.</summary>
internal sealed class WaitingMoves(VaultDbContext db, TimeProvider time) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin or Role.Contributor))
            return null;
        var (member, since) = (user.MemberId(), time.Now() - MoveResponse.RefusalToldFor);
        // Whoever tried again knows.
        var told = await db.RecordingMoves.AsNoTracking()
            .Where(move => move.MemberId == member && (move.State == MoveState.GivingUp || (move.State == MoveState.GivenUp && move.EndedAt > since)))
            .Where(move => !db.RecordingMoves.Any(later => later.Id.CompareTo(move.Id) > 0 && (later.FromId == move.FromId || later.ToId == move.FromId)))
            .Where(move => db.Recordings.Any(recording => recording.Id == move.FromId && !recording.IsBeingDestroyed))
            .OrderByDescending(move => move.Id).Select(move => new { move.FromId, move.Kind }).ToListAsync(cancellationToken);
        if (told is not [var latest, ..])
            return null;
        return new WaitingThing(
            "triangle-alert",
            told.Count > 1 ? $"{told.Count} merges and splits of yours" : latest.Kind == MoveKind.Merge ? "A merge of yours" : "A split of yours",
            "moved no file.",
            told.Count > 1 ? "See why the latest did not" : "See why",
            $"/recordings/{latest.FromId}")
        { IsWrong = true };
    }
}
