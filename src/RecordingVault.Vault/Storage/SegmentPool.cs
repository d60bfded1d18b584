namespace RecordingVault.Vault.Storage;

/// <summary>Segment buffers, with a bound on how many are out at once: the memory of all uploads together is bounded by it (P12).</summary>
internal sealed class SegmentPool(int maxRented, int maxIdle) : IDisposable
{
    private readonly PinnedPool buffers = new(SegmentBuffer.SealedCapacity, maxIdle);
    private readonly SemaphoreSlim free = new(maxRented, maxRented);

    /// <summary>Waits until one is free.</summary>
    public async ValueTask<SegmentBuffer> RentAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new SegmentBuffer(this, buffers.Rent());
    }

    public void Return(byte[] storage)
    {
        buffers.Return(storage);
        free.Release();
    }

    public void Dispose() => free.Dispose();
}
