using System.Collections.Concurrent;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>
/// What this node last read of the tenants' revocation counters. Whatever can change what a session, a token or the gate answers raises the
/// counter, so an answer that was found stays good while the counter stands still: that spares the rows, not the check.
/// </summary>
internal sealed class RevocationCounters(TimeProvider time)
{
    /// <summary>A reading older than this is no reading (security.md 9).</summary>
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Reading> readings = new();

    /// <summary>False when nothing is known that may be believed: then it must be read.</summary>
    public bool TryGet(Guid tenantId, out long counter)
    {
        counter = 0;
        if (!readings.TryGetValue(tenantId, out var reading) || reading.Counter is not { } known || time.GetElapsedTime(reading.At) >= BelievedFor)
            return false;
        counter = known;
        return true;
    }

    /// <param name="at">Timestamp from before the reading began.</param>
    public void Note(Guid tenantId, long counter, long at) =>
        readings.AddOrUpdate(tenantId, static (_, noted) => noted, static (_, before, noted) => before.At > noted.At ? before : noted, new Reading(counter, at));

    /// <summary>This node is about to raise it: what was read until now is no longer believed.</summary>
    public void Doubt(Guid tenantId) => readings[tenantId] = new Reading(null, time.GetTimestamp());

    private readonly record struct Reading(long? Counter, long At);
}
