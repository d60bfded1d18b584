namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// What parts under way on this node were promised of their tenants' room: bytes that are in buffers or held back for a checksum stand in no row
/// yet, and must not be promised twice.
/// </summary>
internal sealed class RoomClaims
{
    private readonly Dictionary<Guid, (long Claimed, long Released)> tenants = [];
    private readonly Lock gate = new();

    /// <summary>Everything that was ever given back. Asked for before the rows are read: what is given back while they are read may be in neither.</summary>
    public long ReleasedBy(Guid tenantId)
    {
        lock (gate)
            return tenants.GetValueOrDefault(tenantId).Released;
    }

    /// <summary>Claims a share of what rows and other claims leave.</summary>
    public long Take(Guid tenantId, long leftByRows, long releasedBefore, Func<long, long> share)
    {
        lock (gate)
        {
            var (claimed, released) = tenants.GetValueOrDefault(tenantId);
            var free = Math.Max(0, leftByRows - claimed - (released - releasedBefore));
            var taken = Math.Min(free, share(free));
            tenants[tenantId] = (claimed + taken, released);
            return taken;
        }
    }

    public void Release(Guid tenantId, long bytes)
    {
        lock (gate)
        {
            var (claimed, released) = tenants[tenantId];
            tenants[tenantId] = (claimed - bytes, released + bytes);
        }
    }
}

/// <summary>One part's claim, as the offset in its upload up to which it may take bytes.</summary>
internal sealed class RoomClaim(UploadRoom room, long start) : IDisposable
{
    private long acknowledged = start;
    private long end = start;

    public long End => room.Quota is null ? long.MaxValue : end;

    /// <summary>Measures the room and claims more of it, up to an offset.</summary>
    public async Task ExtendAsync(long limit)
    {
        if (room.Quota is not null && end < limit)
            end += await room.ClaimAsync(limit - end, CancellationToken.None);
    }

    /// <summary>What is acknowledged stands in a row and counts there.</summary>
    public void Settle(long offset)
    {
        Release(offset - acknowledged);
        acknowledged = offset;
    }

    public void Dispose()
    {
        Release(end - acknowledged);
        end = acknowledged;
    }

    private void Release(long bytes)
    {
        if (room.Quota is not null && bytes > 0)
            room.Release(bytes);
    }
}
