using System.IO.Pipelines;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>A part as it was asked for: the upload that it belongs to, its bytes, and who sends them.</summary>
internal sealed record IncomingPart(Upload Upload, OwnerKey Key, PipeReader Body, UploadTurn Turn, DeclaredRole DeclaredRole, PartChecksum? Checksum)
{
    public required Actor Actor { get; init; }

    /// <summary>What he came in by, to be looked at again while the part runs.</summary>
    public required MemberPass Sender { get; init; }

    /// <summary>Cancelled when his connection is gone.</summary>
    public required CancellationToken Aborted { get; init; }
}

/// <summary>What became of a part. The offset is what is acknowledged.</summary>
internal sealed record PartResult(long Offset, bool IsFinished, bool IsConnectionDead, Problem? Problem);

/// <summary>Receives one part: what counts at its end, and what is refused and leaves nothing.</summary>
internal sealed class PartReceiver(SegmentLedgers ledgers, PartFlows flows, UploadRoom room, UploadFinishing finishing, UploadEnding ending)
{
    public async Task<PartResult> ReceiveAsync(IncomingPart part, CancellationToken cancellationToken)
    {
        var ledger = await ledgers.OpenAsync(part.Upload, cancellationToken);
        try
        {
            return await ReceiveAsync(part, ledger, cancellationToken);
        }
        catch (ObjectStoreException fault) when (WhatStopped(fault) is { } problem)
        {
            // While its end was written. What was put without counting is left to the sweep: a store that fails is not asked to delete, try after try.
            return new PartResult(part.Upload.ReceivedBytes, IsFinished: false, IsConnectionDead: false, problem);
        }
        catch (Exception fault) when (WhatStopped(fault) is { } problem)
        {
            // Each of these says for certain that nothing was committed: what is held without a row may go.
            await ledger.DropHeldAsync();
            return new PartResult(part.Upload.ReceivedBytes, IsFinished: false, IsConnectionDead: false, problem);
        }
    }

    private async Task<PartResult> ReceiveAsync(IncomingPart part, SegmentLedger ledger, CancellationToken cancellationToken)
    {
        var start = part.Upload.ReceivedBytes;
        using var claim = new RoomClaim(room, start);
        var plan = flows.Plan(part, new PartBounds(part.Upload.DeclaredLength, room.MaxLength, claim));
        await using var flow = flows.Begin(part, ledger, plan);

        PartEnd end;
        try
        {
            end = await flow.RunAsync();
        }
        catch (ObjectStoreException fault) when (WhatStopped(fault) is { } failure)
        {
            return await KeepWhatIsDurableAsync(part, ledger, plan, start, failure);
        }

        if (end == PartEnd.NotAccepted)
        {
            await ending.EndAsync(part.Upload.Id, EndReason.ContentNotAccepted, part.Actor, CancellationToken.None);
            return new PartResult(0, IsFinished: false, IsConnectionDead: false, UploadProblems.Content);
        }

        var problem = flow.IsTooLate ? UploadProblems.SlowChecksum : WhyNothingCounts(end, part);
        if (problem is null)
        {
            try
            {
                await flow.PutRestAsync();
            }
            catch (ObjectStoreException fault) when (WhatStopped(fault) is { } failure)
            {
                return await KeepWhatIsDurableAsync(part, ledger, plan, start, failure);
            }

            await plan.Sender.RequireAsync();
            problem = plan.HoldsBack ? await CheckHeldAsync(part.Upload, ledger) : null;
        }

        if (problem is not null)
            await DropAsync(flow, ledger);
        if (end == PartEnd.WholeUpload && problem is null)
            return await FinishAsync(part, ledger);

        if (SmallPartRule.IsSmall(ledger.Position - start))
            part.Upload.CountSmallPatch();
        await ledger.CommitAsync();
        return new PartResult(part.Upload.ReceivedBytes, IsFinished: false, IsConnectionDead: end == PartEnd.Broken, problem ?? WhyItEnded(end));
    }

    private async Task<PartResult> FinishAsync(IncomingPart part, SegmentLedger ledger)
    {
        try
        {
            return new PartResult(await finishing.FinishAsync(part.Upload, ledger, part.Key, part.Actor), IsFinished: true, IsConnectionDead: false, null);
        }
        catch (Exception fault) when (DiskFull.Is(fault))
        {
            // A manifest that names what is held may lie there, and no room to state the committed one again above it: both are left to the sweep.
            return new PartResult(part.Upload.ReceivedBytes, IsFinished: false, IsConnectionDead: false, Problem.StoreFull);
        }
    }

    /// <summary>The refusals that leave nothing of the part but what was acknowledged while it came.</summary>
    private static Problem? WhyNothingCounts(PartEnd end, IncomingPart part) => end switch
    {
        PartEnd.TooLong => part.Upload.DeclaredLength is null ? UploadProblems.TooLong : UploadProblems.PartTooLong,
        PartEnd.Complete or PartEnd.WholeUpload => part.Checksum is null || part.Checksum.Agrees() ? null : UploadProblems.Checksum,
        _ when part.Checksum is null => null,
        PartEnd.RoomUsedUp => UploadProblems.Quota,
        PartEnd.NoBuffer => UploadProblems.Busy,
        _ => UploadProblems.Checksum,
    };

    private static Problem? WhyItEnded(PartEnd end) => end switch
    {
        PartEnd.Yielded => UploadProblems.TakenOver,
        PartEnd.Stopped => UploadProblems.Stopping,
        PartEnd.RoomUsedUp => UploadProblems.Quota,
        PartEnd.NoBuffer => UploadProblems.Busy,
        _ => null,
    };

    /// <summary>
    /// The store failed in the middle of a part: the segments that it had taken by then count, so that they are not sent again, if whoever sends may still do so. A small
    /// part counts as one, as it does at its end.
    /// </summary>
    /// <exception cref="StandingLostException">He may not any more: nothing is kept.</exception>
    private static async Task<PartResult> KeepWhatIsDurableAsync(IncomingPart part, SegmentLedger ledger, PartPlan plan, long start, Problem failure)
    {
        if (part.Checksum is null)
        {
            await plan.Sender.RequireAsync();
            if (SmallPartRule.IsSmall(ledger.Position - start))
                part.Upload.CountSmallPatch();
            await ledger.CommitAsync();
        }

        return new PartResult(part.Upload.ReceivedBytes, IsFinished: false, IsConnectionDead: false, failure);
    }

    private static async Task DropAsync(PartFlow flow, SegmentLedger ledger)
    {
        await flow.DisposeAsync();
        await ledger.DropHeldAsync();
    }

    private static Problem? WhatStopped(Exception fault) => fault switch
    {
        DbUpdateConcurrencyException or UploadMovedException => UploadProblems.TakenOver,
        RecordingGoneException => UploadProblems.Ended,
        StandingLostException lost => lost.Problem,
        ObjectStoreException { Failure: StoreFailure.Unavailable } => Problem.StoreUnavailable,
        _ => DiskFull.Is(fault) ? Problem.StoreFull : null,
    };

    /// <summary>What was held back for hours is measured once more: another node does not see this one's claims.</summary>
    private async Task<Problem?> CheckHeldAsync(Upload upload, SegmentLedger ledger) =>
        await room.LeftByRowsAsync(CancellationToken.None) is { } left && left < ledger.Position - upload.ReceivedBytes ? UploadProblems.Quota : null;
}
