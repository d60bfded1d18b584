using System.IO.Pipelines;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// Wakes the reader of a part that waits for bytes: when none came for a while, or so few that its buffer is long in hand and still not full, so
/// that what it holds can be put away and acknowledged; when a newer request wants the turn; when the server stops.
/// </summary>
internal sealed class PartWatch : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int ShortestPatience = 2;
    private const int LongestPatience = 60;

    // Seconds that a buffer may be in hand for each second of patience: ten at first.
    private const int AgePerPatience = 5;

    private readonly PipeReader body;
    private readonly CancellationToken yield;
    private readonly CancellationToken stopping;
    private readonly CancellationTokenRegistration onYield;
    private readonly CancellationTokenRegistration onStopping;
    private readonly Func<bool> isAnybodyWaiting;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private bool disposed;
    private int reads;
    private int readsSeen;
    private int quietTicks;
    private int patience = ShortestPatience;
    private bool isHolding;
    private int heldTicks;

    /// <param name="isAnybodyWaiting">Whether somebody waits for a buffer: then nobody keeps one longer than the shortest time.</param>
    public PartWatch(PipeReader body, TimeProvider time, Func<bool> isAnybodyWaiting, CancellationToken yield, CancellationToken stopping)
    {
        (this.body, this.yield, this.stopping, this.isAnybodyWaiting) = (body, yield, stopping, isAnybodyWaiting);
        timer = time.CreateTimer(_ => Look(), null, Tick, Tick);
        onYield = yield.Register(Wake);
        onStopping = stopping.Register(Wake);
    }

    public bool MustYield => yield.IsCancellationRequested;

    public bool MustStop => stopping.IsCancellationRequested;

    /// <summary>Cancelled when the part must end, whatever it waits for.</summary>
    public CancellationTokenSource LinkEnd(CancellationToken aborted) => CancellationTokenSource.CreateLinkedTokenSource(yield, stopping, aborted);

    /// <summary>
    /// Whether the buffer in hand should be put away although bytes still come. Whoever drips a byte now and then would otherwise keep it for ever,
    /// and with it others from uploading.
    /// </summary>
    public bool IsHeldTooLong => Volatile.Read(ref isHolding) && Volatile.Read(ref heldTicks) >= (isAnybodyWaiting() ? ShortestPatience * AgePerPatience : Math.Min(patience * AgePerPatience, LongestPatience));

    /// <summary>A buffer was taken in hand.</summary>
    public void Took()
    {
        Volatile.Write(ref heldTicks, 0);
        Volatile.Write(ref isHolding, true);
    }

    /// <summary>The buffer is on its way into the store.</summary>
    public void Gave() => Volatile.Write(ref isHolding, false);

    /// <summary>Bytes came.</summary>
    public void Heard() => Volatile.Write(ref reads, reads + 1);

    /// <summary>
    /// What was held was put away. Putting away costs sealing up to 4 MiB: whoever brings little between two pauses is given longer ones,
    /// so that dripping bytes cost the server no more than sending them.
    /// </summary>
    public void PutAway(bool wasLittle) => patience = wasLittle ? Math.Min(patience * 2, LongestPatience) : ShortestPatience;

    public void Dispose()
    {
        timer.Dispose();
        onYield.Dispose();
        onStopping.Dispose();
        lock (gate)
            disposed = true;
    }

    private void Look()
    {
        var now = Volatile.Read(ref reads);
        quietTicks = now == readsSeen ? quietTicks + 1 : 0;
        readsSeen = now;
        Interlocked.Increment(ref heldTicks);
        if ((quietTicks > 0 && quietTicks % patience == 0) || IsHeldTooLong)
            Wake();
    }

    /// <summary>Never after the part's end: the next request on the connection reads from the same pipe.</summary>
    private void Wake()
    {
        lock (gate)
        {
            if (!disposed)
                body.CancelPendingRead();
        }
    }
}
