using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Playback;

/// <summary>The paces of this node, by the asker's way in and the recording: a session, a token or one opening of a link. 16,384 at most, ten idle minutes.</summary>
internal sealed class StreamPaces(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly MemoryCache paces = new(new MemoryCacheOptions { SizeLimit = 16_384 });
    private readonly Lock gate = new();

    public StreamPace Of(Guid tenantId, Guid grantId, Guid recordingId)
    {
        var place = new Place(tenantId, grantId, recordingId);
        lock (gate)
        {
            if (paces.TryGetValue(place, out StreamPace? found) && found is not null)
                return found;
            return paces.Set(place, new StreamPace(time), new MemoryCacheEntryOptions { SlidingExpiration = IdleLimit, Size = 1 });
        }
    }

    public void Dispose() => paces.Dispose();

    private readonly record struct Place(Guid TenantId, Guid GrantId, Guid RecordingId);
}

/// <summary>What a page says of its playing: its speed, 0 while it is paused, and whether it waits for bytes.</summary>
internal sealed record PaceRequest(double? Rate, bool? Waiting)
{
    public Problem? Check() => Rate is >= 0 and <= 16 ? null : Problem.Invalid("rate", "say how fast it plays, from 0 to 16.");

    public void TellTo(StreamPace pace) => pace.Tell(Math.Min(Rate ?? 0, StreamPace.FastestSpeed), Waiting ?? false);
}
