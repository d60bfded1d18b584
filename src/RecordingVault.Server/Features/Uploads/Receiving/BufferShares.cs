namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// Who may hold how many of the node's segment buffers: a member a quarter of them, a tenant half. Whoever has to wait is served in turn, past
/// those who have their share. So nobody keeps others from uploading, however slowly he sends and however often.
/// </summary>
internal sealed class BufferShares(TimeProvider time)
{
    /// <summary>As many as the store lends out at once (256 MiB).</summary>
    public const int OfNode = 64;
    public const int OfTenant = OfNode / 2;
    public const int OfMember = OfNode / 4;

    /// <summary>How long a part waits for a buffer before it is told to come back.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly LinkedList<Place> waiting = [];
    private readonly Dictionary<Guid, int> tenants = [];
    private readonly Dictionary<(Guid TenantId, Guid MemberId), int> members = [];
    private int taken;

    /// <summary>Then those who have a buffer and fill it slowly put it away sooner.</summary>
    public bool IsAnybodyWaiting
    {
        get
        {
            lock (gate)
                return waiting.Count > 0;
        }
    }

    /// <summary>The right to hold one buffer, until it is disposed.</summary>
    /// <exception cref="TimeoutException">None came free in time.</exception>
    public async Task<IDisposable> TakeAsync(Guid tenantId, Guid memberId, CancellationToken cancellationToken)
    {
        var place = new Place(this, tenantId, memberId);
        lock (gate)
        {
            waiting.AddLast(place);
            Grant();
        }

        try
        {
            await place.Granted.Task.WaitAsync(LongestWait, time, cancellationToken);
            return place;
        }
        catch (Exception gaveUp) when (gaveUp is TimeoutException or OperationCanceledException)
        {
            place.Dispose();
            throw;
        }
    }

    private void Grant()
    {
        for (var next = waiting.First; next is not null && taken < OfNode;)
        {
            var (place, after) = (next.Value, next.Next);
            if (tenants.GetValueOrDefault(place.TenantId) < OfTenant && members.GetValueOrDefault((place.TenantId, place.MemberId)) < OfMember)
            {
                waiting.Remove(next);
                Count(place, 1);
                place.Granted.SetResult();
            }

            next = after;
        }
    }

    private void GiveBack(Place place)
    {
        lock (gate)
        {
            // Who gives up may have been granted his place at the same moment.
            if (!waiting.Remove(place))
                Count(place, -1);
            Grant();
        }
    }

    private void Count(Place place, int step)
    {
        taken += step;
        if ((tenants[place.TenantId] = tenants.GetValueOrDefault(place.TenantId) + step) == 0)
            tenants.Remove(place.TenantId);
        var member = (place.TenantId, place.MemberId);
        if ((members[member] = members.GetValueOrDefault(member) + step) == 0)
            members.Remove(member);
    }

    private sealed class Place(BufferShares shares, Guid tenantId, Guid memberId) : IDisposable
    {
        private int disposed;

        public Guid TenantId => tenantId;

        public Guid MemberId => memberId;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                shares.GiveBack(this);
        }
    }
}
