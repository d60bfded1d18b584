using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>A segment's room in a part's hand, and the share that it counts against.</summary>
internal sealed class HeldBuffer(SegmentBuffer segment, IDisposable share) : IDisposable
{
    public SegmentBuffer Segment => segment;

    public void Dispose()
    {
        segment.Dispose();
        share.Dispose();
    }
}

/// <summary>Lends segment buffers to parts, each member his share of them.</summary>
internal sealed class UploadBuffers(SealedStore store, BufferShares shares)
{
    public bool IsAnybodyWaiting => shares.IsAnybodyWaiting;

    /// <exception cref="TimeoutException">None came free in time.</exception>
    public async Task<HeldBuffer> RentAsync(Guid tenantId, Guid memberId, CancellationToken cancellationToken)
    {
        var share = await shares.TakeAsync(tenantId, memberId, cancellationToken);
        try
        {
            return new HeldBuffer(await store.RentSegmentAsync(cancellationToken), share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }
}
