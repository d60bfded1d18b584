namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Bytes that left for one release since they were last written down, and when it was last asked for. It lies in memory and is written at most
/// every ten seconds, so a crash may lose the last ten (security.md 8).
/// </summary>
internal sealed class ReleaseAccount(OpenedRelease release)
{
    private readonly Lock gate = new();
    private long bytes;
    private DateTimeOffset lastRequestAt;
    private bool hasNews;
    private int holders;
    private bool closed;

    public Guid ReleaseId { get; } = release.Id;

    public Asker Asker { get; } = release.Asker;

    public long AssetLength { get; } = release.Bytes.Length;

    /// <summary>Whether it is part of what its asker fetched of the film itself; a picture or captions are not.</summary>
    public bool IsOfTheFilm { get; } = !release.Purpose.IsBesideFilm();

    /// <summary>When it was last written down; null before the first time.</summary>
    public DateTimeOffset? WrittenAt { get; set; }

    /// <summary>A request of the release begins; false when the account was closed in the meantime.</summary>
    public bool TryHold(DateTimeOffset now)
    {
        lock (gate)
        {
            if (closed)
                return false;
            holders++;
            (lastRequestAt, hasNews) = (now, true);
            return true;
        }
    }

    public void Drop()
    {
        lock (gate)
            holders--;
    }

    public void Add(int count, DateTimeOffset now)
    {
        lock (gate)
        {
            bytes += count;
            (lastRequestAt, hasNews) = (now, true);
        }
    }

    /// <summary>Takes what is to be written; null when there is nothing.</summary>
    public (long Bytes, DateTimeOffset LastRequestAt)? Take()
    {
        lock (gate)
        {
            if (!hasNews)
                return null;
            var taken = (bytes, lastRequestAt);
            (bytes, hasNews) = (0, false);
            return taken;
        }
    }

    /// <summary>Gives back what could not be written.</summary>
    public void Return(long count)
    {
        lock (gate)
            (bytes, hasNews) = (bytes + count, true);
    }

    /// <summary>Closes the account when nobody holds it and nothing waits to be written.</summary>
    public bool TryClose()
    {
        lock (gate)
            return closed = closed || (holders == 0 && !hasNews);
    }
}
