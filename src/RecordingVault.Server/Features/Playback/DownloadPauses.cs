using Microsoft.Extensions.Caching.Memory;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// How long a page that waits for its download pauses before it asks again: the longer it has waited, the longer, so that a film that is encoded for an hour is not asked for
/// seven hundred times. This node's own memory, 4,096 waits at most; what it forgets begins anew.
/// </summary>
internal sealed class DownloadPauses(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A page that has not asked for so long is closed.</summary>
    private static readonly TimeSpan Forgotten = Longest * 4;

    private readonly MemoryCache waits = new(new MemoryCacheOptions { SizeLimit = 4_096 });

    /// <param name="shortest">What a page that has just begun to wait is told.</param>
    public TimeSpan Next(Guid grantId, Guid recordingId, TimeSpan shortest)
    {
        var began = waits.GetOrCreate((grantId, recordingId), entry =>
        {
            entry.SetSlidingExpiration(Forgotten).SetSize(1);
            return time.GetTimestamp();
        });
        // A quarter of what it has waited: nobody waits much longer than he must.
        var pause = time.GetElapsedTime(began) / 4;
        return pause < shortest ? shortest : pause > Longest ? Longest : TimeSpan.FromSeconds(Math.Floor(pause.TotalSeconds));
    }

    /// <summary>What was waited for is there, or will not come.</summary>
    public void End(Guid grantId, Guid recordingId) => waits.Remove((grantId, recordingId));

    public void Dispose() => waits.Dispose();
}
