using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>Why a part ended.</summary>
internal enum PartEnd
{
    /// <summary>The body is at its end.</summary>
    Complete,

    /// <summary>The upload has all its bytes.</summary>
    WholeUpload,
    Broken,
    Yielded,
    Stopped,

    /// <summary>More came than the upload may have.</summary>
    TooLong,
    RoomUsedUp,

    /// <summary>No buffer came free in time.</summary>
    NoBuffer,
    NotAccepted,
}

/// <summary>
/// Carries a part from the connection into segments. Each byte is copied once, from the connection's buffer to the place where it is sealed;
/// a chunk is sealed as soon as the next one begins, and while a segment is put and committed, the next one fills. Two buffers at most are held, three where the store is asked over a network, and none while nothing comes or for long while little does.
/// </summary>
internal sealed class PartFlow(IncomingPart part, SegmentLedger ledger, SealedStore store, UploadBuffers buffers, PartPlan plan, PartWatch watch, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Segments without rows are orphans after a day: a part that is held back must count well before.</summary>
    private static readonly TimeSpan LongestHeldPart = TimeSpan.FromHours(12);

    /// <summary>On a fast line many segments are acknowledged by one commit: what a crash may lose of a part is a second, and nothing that was acknowledged.</summary>
    private static readonly TimeSpan CommitEvery = TimeSpan.FromSeconds(1);

    private readonly PipeReader body = part.Body;
    private readonly OwnerKey key = part.Key;
    private readonly long began = time.GetTimestamp();
    private HeldBuffer? filling;
    private Memory<byte> beginning;
    private bool hasTail;
    private bool mayHaveTail = true;
    private long? committedAt;
    private long parkedAt = ledger.Position;
    private StreamTurn turn;
    private Task storing = Task.CompletedTask;
    private Task storedBefore = Task.CompletedTask;

    /// <summary>Where the next byte stands in the upload.</summary>
    public long Position { get; private set; } = ledger.Position;

    public bool IsTooLate => plan.HoldsBack && time.GetElapsedTime(began) > LongestHeldPart;

    public async Task<PartEnd> RunAsync()
    {
        while (true)
        {
            if (Position == plan.Bounds.Length)
                return await EndAtLengthAsync();
            ReadResult read;
            try
            {
                read = await body.ReadAsync(CancellationToken.None); // a dead connection ends the read by itself
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                await LeaveWakerAsync();
                return PartEnd.Broken;
            }

            if (read.IsCanceled)
                await LeaveWakerAsync();
            if (read.Buffer.IsEmpty && read.IsCanceled)
            {
                body.AdvanceTo(read.Buffer.Start);
                if (watch.MustYield || watch.MustStop)
                    return watch.MustYield ? PartEnd.Yielded : PartEnd.Stopped;
                await ParkAsync();
                continue;
            }

            watch.Heard();
            var before = Position;
            var (taken, end) = await TakeAsync(read.Buffer);
            body.AdvanceTo(taken);
            if (end is { } reason)
                return reason;
            await LookAgainAsync();
            if (read.IsCompleted && Position != plan.Bounds.Length)
                return PartEnd.Complete;
            if ((watch.MustYield || watch.MustStop) && Position != plan.Bounds.Length)
                return watch.MustYield ? PartEnd.Yielded : PartEnd.Stopped;
            if (turn.IsOverAfter(Position - before))
                await Task.Yield();
        }
    }

    /// <summary>Whoever cancels a read, or the wait for a buffer, goes on with what the part does next: the watch under its lock, a newer request, the server's own timer. None of them may have to wait for our disk.</summary>
    private static YieldAwaitable LeaveWakerAsync() => Task.Yield();

    /// <summary>Puts what is held in memory into the store. Whether it counts is the ledger's to say.</summary>
    public async Task PutRestAsync()
    {
        await storing;
        watch.Gave();
        if (filling is { Segment.Length: > 0 } rest)
            await PutAsync(rest);
        else
            filling?.Dispose();
        filling = null;
    }

    /// <summary>Between two reads: whether whoever sends still may, and whether what he sends comes too slowly to keep a buffer for it.</summary>
    private async Task LookAgainAsync()
    {
        if (plan.Sender.IsDue)
        {
            await storing; // the context is one for both
            await plan.Sender.RequireAsync();
        }

        if (watch.IsHeldTooLong && Position != plan.Bounds.Length)
            await ParkAsync();
    }

    /// <summary>An upload whose length is told after its last byte is judged and, where its role changed by that, sealed anew.</summary>
    private async Task<PartEnd> EndAtLengthAsync()
    {
        if (ledger.Kind is not null || Position == 0)
            return PartEnd.WholeUpload;
        if (filling is null && await RentAsync() is { } end)
            return end;
        return Judge() ? PartEnd.WholeUpload : PartEnd.NotAccepted;
    }

    private async ValueTask<(SequencePosition Taken, PartEnd? End)> TakeAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (plan.Bounds.IsRoomUsedUpAt(Position))
            {
                await storing; // the context is one for both, and what is committed counts
                await plan.Bounds.MeasureAsync();
            }

            var left = plan.Bounds.LeftAt(Position);
            if (left <= 0)
                return (bytes.Start, plan.Bounds.IsRoomUsedUpAt(Position) ? PartEnd.RoomUsedUp : PartEnd.TooLong);
            if (filling is null && await RentAsync() is { } end)
                return (bytes.Start, end);
            bytes = bytes.Slice(Copy(bytes, left));
            if (ledger.Kind is null && !Judge())
                return (bytes.Start, PartEnd.NotAccepted);
            if (ledger.Kind is not null)
                store.SealAhead(key, ledger.Role, filling!.Segment);
            if (filling!.Segment.IsFull)
                await PassOnAsync();
        }

        return (bytes.Start, null);
    }

    private int Copy(in ReadOnlySequence<byte> bytes, long left)
    {
        var room = filling!.Segment.GetMemory().Span;
        var count = (int)Math.Min(Math.Min(room.Length, left), bytes.Length);
        bytes.Slice(0, count).CopyTo(room);
        plan.Checksum?.Append(room[..count]);
        filling.Segment.Advance(count);
        Position += count;
        return count;
    }

    /// <summary>False when the content is refused. The first bytes lie where they were copied to: at the beginning of the first segment.</summary>
    private bool Judge()
    {
        var first = beginning.Span[..(int)Math.Min(beginning.Length, Position)];
        var verdict = ContentJudgement.Judge(first, isWhole: Position == plan.Bounds.Length, plan.DeclaredRole, out var kind);
        ledger.Kind = kind;
        return verdict != ContentVerdict.Refused;
    }

    /// <summary>Begins a segment, with the tail where there is one. Whatever ends the part ends its wait for a buffer too.</summary>
    private async Task<PartEnd?> RentAsync()
    {
        using var ended = watch.LinkEnd(part.Aborted);
        try
        {
            filling = await buffers.RentAsync(part.Upload.TenantId, part.Upload.MemberId, ended.Token);
        }
        catch (TimeoutException)
        {
            await LeaveWakerAsync();
            return PartEnd.NoBuffer;
        }
        catch (OperationCanceledException)
        {
            await LeaveWakerAsync();
            return watch.MustYield ? PartEnd.Yielded : watch.MustStop ? PartEnd.Stopped : PartEnd.Broken;
        }

        watch.Took();
        beginning = filling.Segment.GetMemory();
        hasTail = false;
        if (!mayHaveTail)
            return null;
        await storing;
        mayHaveTail = false;
        if (ledger.Tail is not { } tail)
            return null;
        try
        {
            await store.ReadSegmentAsync(key, tail.Role, tail.Segment, filling.Segment, CancellationToken.None);
        }
        catch (SealedFormatException lost) when (lost.Failure == FormatFailure.Missing)
        {
            throw await ledger.HasMovedAsync() ? new UploadMovedException() : lost; // another node joined it into a segment of its own
        }

        hasTail = true;
        return null;
    }

    /// <summary>The full segment goes on its way while the next one fills. At most one is on its way, or two where each waits for an answer over a network; they count in their order.</summary>
    private async Task PassOnAsync()
    {
        await (store.SegmentsAhead > 0 ? storedBefore : storing);
        storedBefore = storing;
        watch.Gave();
        var full = filling!;
        filling = null;
        if (Position == plan.Bounds.Length)
        {
            // The last segment counts together with the manifest that binds it.
            storing = PutAsync(full);
            return;
        }

        storing = plan.HoldsBack ? PutAsync(full) : PutAndCommitAsync(full);
    }

    /// <summary>Nothing came for a while: what is here is kept and acknowledged, so that a client that comes back finds its true offset, and the buffer is given back.</summary>
    private async Task ParkAsync()
    {
        if (Position == parkedAt)
            return;
        watch.PutAway(wasLittle: SmallPartRule.IsSmall(Position - parkedAt));
        await PutRestAsync();
        if (!plan.HoldsBack)
            await CommitAsync();
        (mayHaveTail, parkedAt) = (true, Position);
    }

    private async Task PutAndCommitAsync(HeldBuffer full)
    {
        await PutAsync(full);
        if (committedAt is not { } before || time.GetElapsedTime(before) >= CommitEvery)
            await CommitAsync();
    }

    private async Task CommitAsync()
    {
        await plan.Sender.RequireAsync();
        await ledger.CommitAsync();
        committedAt = time.GetTimestamp();
        plan.Bounds.Settle(part.Upload.ReceivedBytes);
    }

    private async Task PutAsync(HeldBuffer buffer)
    {
        using (buffer)
        {
            var joined = hasTail;
            hasTail = false;
            var before = storing;
            var segment = await store.PutSegmentAsync(key, ledger.Role, buffer.Segment, CancellationToken.None);
            // Where the one before failed, this one counts for nothing and the sweep of orphans finds it.
            await before;
            await ledger.HoldAsync(segment, joined);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The context and the key are the request's: nothing may still use them when it ends. Whoever needed the result has awaited it.
        watch.Dispose();
        await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        filling?.Dispose();
    }
}
