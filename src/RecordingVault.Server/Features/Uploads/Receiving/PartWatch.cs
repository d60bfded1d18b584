using System.IO.Pipelines;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// Wakes the reader of a part that waits for bytes: when none came for a while, so that what it holds can be put away and acknowledged; when
/// a newer request wants the turn; when the server stops.
/// </summary>
internal sealed class PartWatch : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int ShortestPatience = 2;
    private const int LongestPatience = 60;

    private readonly PipeReader body;
    private readonly CancellationToken yield;
    private readonly CancellationToken stopping;
    private readonly CancellationTokenRegistration onYield;
    private readonly CancellationTokenRegistration onStopping;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private bool disposed;
    private int reads;
    private int readsSeen;
    private int quietTicks;
    private int patience = ShortestPatience;

    public PartWatch(PipeReader body, TimeProvider time, CancellationToken yield, CancellationToken stopping)
    {
        (this.body, this.yield, this.stopping) = (body, yield, stopping);
        timer = time.CreateTimer(_ => Look(), null, Tick, Tick);
        onYield = yield.Register(Wake);
        onStopping = stopping.Register(Wake);
    }

    public bool MustYield => yield.IsCancellationRequested;

    public bool MustStop => stopping.IsCancellationRequested;

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
        if (quietTicks > 0 && quietTicks % patience == 0)
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
