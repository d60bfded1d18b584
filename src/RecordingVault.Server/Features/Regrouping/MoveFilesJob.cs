using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>
/// Takes a move one step on, as far as it goes now: seals the files anew, changes them over, deletes what lies under the old key. Killed anywhere, the next run goes on
/// where the rows stand.
/// </summary>
internal sealed class MoveFilesJob(VaultDbContext db, MoveRows rows, MoveSealing sealing, MoveChange change, MoveEnding ending, MovePulse pulse, JobQueue queue, TimeProvider time) : ITenantJob
{
    public static string Name => "move-files";

    public static string Queue => JobQueue.Whole;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var move = await db.RecordingMoves.AsNoTracking().SingleOrDefaultAsync(move => move.Id == subjectId, cancellationToken);
        switch (move?.State)
        {
            case MoveState.Waiting or MoveState.Running:
                using (var claim = await rows.ClaimAsync(move.Id, cancellationToken))
                {
                    if (claim is not null)
                        await MoveAsync(move, claim, cancellationToken);
                }

                break;
            case MoveState.Moved when move.MovedAt <= time.Now() - MoveEnding.OldKept:
                await ending.DeleteOldAsync(move, cancellationToken);
                break;
            case MoveState.GivingUp:
                await ending.DropAsync(move, cancellationToken);
                break;
            case MoveState.Done or MoveState.GivenUp when move.HasLeftovers:
                await ending.SweepAsync(move, cancellationToken);
                break;
        }
    }

    private async Task MoveAsync(RecordingMove move, MoveClaim claim, CancellationToken cancellationToken)
    {
        string? why = null;
        try
        {
            await pulse.DuringAsync(claim, async () => why = await WorkAsync(move, claim, cancellationToken), cancellationToken);
        }
        catch (SealedFormatException)
        {
            why = "damaged"; // it stays where it is; whoever plays or verifies it is told of the damage
        }
        catch (KeyDestroyedException)
        {
            why = "gone";
        }
        catch (MoveLostException)
        {
            return; // in other hands: nothing is to be done here
        }
        catch
        {
            // The machine's fault, or the end of this process: the row says so and a sweep comes back to it.
            await rows.ReleaseAsync(move, claim.Until, reason: null, CancellationToken.None);
            throw;
        }

        if (why is not null)
            await ending.GiveUpAsync(move, claim.Until, why, cancellationToken);
    }

    /// <returns>Why it is not to be; null where it is done, or goes on another time.</returns>
    private async Task<string?> WorkAsync(RecordingMove move, MoveClaim claim, CancellationToken cancellationToken)
    {
        if (await change.WhyNotAsync(move, cancellationToken) is { } reason)
            return reason;
        var slice = new MoveSlice(queue, time);
        // What joins while the rest is sealed is sealed too, before anything changes over.
        MoveOutcome outcome;
        do
        {
            if (!await sealing.RunAsync(move, claim, slice, cancellationToken))
            {
                await PauseAsync(move, claim, cancellationToken);
                return null;
            }

            outcome = await change.TryAsync(move, claim, cancellationToken);
        }
        while (outcome.IsIncomplete);
        if (outcome.WaitsFor is { } wait)
        {
            using (await claim.HoldAsync(cancellationToken))
                await rows.ReleaseAsync(move, claim.Until, wait, cancellationToken);
        }

        return outcome.GivenUpFor;
    }

    private async Task PauseAsync(RecordingMove move, MoveClaim claim, CancellationToken cancellationToken)
    {
        using (await claim.HoldAsync(cancellationToken))
            await rows.PauseAsync(move.Id, claim.Until, cancellationToken);
        queue.Nudge<MoveFilesJob>(move.TenantId, move.Id);
    }
}

/// <summary>What came of trying to change the files over.</summary>
/// <param name="IsIncomplete">Something joined that is not sealed yet.</param>
/// <param name="WaitsFor">What must be over first.</param>
internal readonly record struct MoveOutcome(bool IsIncomplete, string? WaitsFor, string? GivenUpFor)
{
    public static MoveOutcome Done => default;
    public static readonly MoveOutcome Incomplete = new(true, null, null);

    public static MoveOutcome Waits(string reason) => new(false, reason, null);

    public static MoveOutcome GivenUp(string reason) => new(false, null, reason);
}
