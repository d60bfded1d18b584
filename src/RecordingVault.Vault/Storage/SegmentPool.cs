using System.Threading.Channels;

namespace RecordingVault.Vault.Storage;

/// <summary>Segment buffers, with a bound on how many are out at once: the memory of all uploads together is bounded by it (P12).</summary>
internal sealed class SegmentPool(int maxRented, int maxIdle)
{
    private readonly PinnedPool buffers = new(SegmentBuffer.SealedCapacity, maxIdle);

    // One entry for each buffer that is out: who finds it full waits his turn.
    private readonly Channel<bool> rented = Channel.CreateBounded<bool>(maxRented);

    /// <summary>Waits until one is free.</summary>
    public async ValueTask<SegmentBuffer> RentAsync(CancellationToken cancellationToken)
    {
        await rented.Writer.WriteAsync(true, cancellationToken);
        return new SegmentBuffer(this, buffers.Rent());
    }

    public void Return(byte[] storage)
    {
        buffers.Return(storage);
        rented.Reader.TryRead(out _);
    }
}
