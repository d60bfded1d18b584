using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Playback;

/// <summary>One response that is under way: a stream of content, one recording of a package that is sent, or a stream of events that tells a page to stop.</summary>
/// <param name="limit">Where it holds a place of its grant until it is disposed; null where it holds none.</param>
internal sealed class RunningRelease(TenantReleases tenant, GrantLimit? limit, Action stop, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private long movedAt = time.GetTimestamp();
    private bool ended;

    public required Asker Asker { get; init; }

    public required Guid RecordingId { get; init; }

    public required ReleasePurpose Purpose { get; init; }

    /// <summary>Whether it is a stream of events: it sends no content and is never in want of a reader.</summary>
    public bool IsListener { get; init; }

    /// <summary>The tag that a package's files say, which must stay the one in force; null for what says another one in its next front.</summary>
    public PackedTag? Packed { get; init; }

    /// <summary>The file that it sends; null for a stream of events and for a package, which is ended when a file of it is moved.</summary>
    public Guid? AssetId { get; init; }

    /// <summary>Whether it sends a file without a mark, which only those have who may keep it.</summary>
    public bool IsUnmarked { get; init; }

    /// <summary>Where its bytes are counted; null for a stream of events, and for a package, whose fetching is an event of its own.</summary>
    public ReleaseAccount? Account { get; init; }

    /// <summary>When the permission ends by itself.</summary>
    public StandingEnd? End { get; set; }

    /// <summary>The revocation counter under which it was last found allowed.</summary>
    public required long Revocations { get; set; }

    /// <summary>Why it was stopped; null while it runs or when it ended by itself.</summary>
    public Problem? StoppedFor { get; private set; }

    /// <summary>How long the client has read nothing. Zero for events, which have nothing to be read.</summary>
    public TimeSpan StandsStill => IsListener ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref movedAt));

    /// <summary>So many bytes are handed to the connection. The last of them may be lost with it: who goes is counted for what lay in the buffers.</summary>
    public void Sent(int count)
    {
        Interlocked.Exchange(ref movedAt, time.GetTimestamp());
        Account?.Add(count, time.Now());
    }

    /// <summary>Stops it, once. After it has ended this does nothing: its connection may already carry another request.</summary>
    public void Stop(Problem reason)
    {
        lock (gate)
        {
            if (ended)
                return;
            ended = true;
            StoppedFor = reason;
            stop();
        }
    }

    public void Dispose()
    {
        lock (gate)
            ended = true;
        if (!tenant.Running.TryRemove(this, out _))
            return;
        Account?.Drop();
        limit?.Leave(Asker.GrantId);
    }
}

/// <param name="Tag">Null where nobody wrote down what they say.</param>
/// <param name="Changed">Why it stops when another tag comes into force.</param>
internal sealed record PackedTag(UsageTag? Tag, Problem Changed);

/// <summary>A package that is sent: it runs as long as every recording in it may.</summary>
internal sealed class RunningPackage(IReadOnlyList<RunningRelease> recordings) : IDisposable
{
    public void Sent(int count)
    {
        foreach (var recording in recordings)
            recording.Sent(count);
    }

    public void Dispose()
    {
        foreach (var recording in recordings)
            recording.Dispose();
    }
}
