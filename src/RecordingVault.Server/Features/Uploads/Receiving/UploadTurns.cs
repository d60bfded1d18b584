using System.Collections.Concurrent;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// One writer per upload on this node. A client that lost its connection comes back while the server may still hold the old request: so the
/// newer asks the older to end, which keeps what it holds, and goes on after it. Between nodes the row's version decides.
/// </summary>
internal sealed class UploadTurns(TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid TenantId, Guid UploadId), UploadTurn> holders = new();

    /// <summary>Null when the holder did not end in time.</summary>
    public async Task<UploadTurn?> TakeAsync(Guid tenantId, Guid uploadId, CancellationToken cancellationToken)
    {
        var mine = new UploadTurn(turn => holders.TryRemove(new((tenantId, uploadId), turn)));
        var began = time.GetTimestamp();
        while (true)
        {
            var holder = holders.GetOrAdd((tenantId, uploadId), mine);
            if (holder == mine)
                return mine;
            holder.AskToYield();
            var left = Patience - time.GetElapsedTime(began);
            try
            {
                await holder.Ended.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                mine.Dispose();
                return null;
            }
        }
    }

    /// <summary>
    /// Waits a moment for a request that is about to end: its connection was cut just before, and what it still puts away will count. One that goes on is not disturbed.
    /// </summary>
    public async Task SettleAsync(Guid tenantId, Guid uploadId, CancellationToken cancellationToken)
    {
        if (!holders.TryGetValue((tenantId, uploadId), out var holder))
            return;
        try
        {
            await holder.Ended.WaitAsync(Settling, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It goes on, and the row says what counts by now.
        }
    }

    /// <summary>Whether a request of this node is writing to the upload.</summary>
    public bool IsTaken(Guid tenantId, Guid uploadId) => holders.ContainsKey((tenantId, uploadId));
}

/// <summary>The right to write to one upload, until it is disposed.</summary>
internal sealed class UploadTurn(Action<UploadTurn> leave) : IDisposable
{
    private readonly CancellationTokenSource yield = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when a newer request wants the turn.</summary>
    public CancellationToken Yield => yield.Token;

    public Task Ended => ended.Task;

    public void AskToYield()
    {
        try
        {
            yield.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Its holder has just ended, which is what was asked for.
        }
    }

    public void Dispose()
    {
        leave(this);
        ended.TrySetResult();
        yield.Dispose();
    }
}
