using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// How far ahead of its playing one asker has been sent of one recording that he may watch and not keep, by the film's average rate. What its page says
/// of its playing counts; where nothing is said, time passes as at the fastest speed that the player offers. A jump begins anew: pacing keeps little in buffers, and
/// who jumps through the whole of it is told by what he fetched.
/// </summary>
internal sealed class StreamPace(TimeProvider time)
{
    /// <summary>What an asker holds at most, in playing time; a third of the minute is left for what an average hides.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(40);

    /// <summary>One answer to a range.</summary>
    public static readonly TimeSpan Piece = TimeSpan.FromSeconds(10);

    public const double FastestSpeed = 3;

    private const int ShortestPiece = 64 * 1024;

    /// <summary>A player that goes on may leave out a little: what it holds, or another track's samples.</summary>
    private const long Gap = 256 * 1024;

    private const int MostRuns = 8;

    /// <summary>Busiest part of a film beside its average.</summary>
    private const double MostBusy = 8;

    /// <summary>What one word of having nothing left to play brings, seconds.</summary>
    private const double Relief = 10;

    /// <summary>Two such words in so short a time: this part is busier than the average.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>By how much a word of playing well brings a busy part nearer to the average.</summary>
    private const double Calm = 0.93;

    private readonly Lock gate = new();

    // The run that was asked for last stands last.
    private readonly List<PacedRun> runs = [];
    private long lookedAt = time.GetTimestamp();
    private double? speed;

    /// <summary>
    /// What a film, and a sound, of unknown length are taken for: eight megabits a second, and four hundred kilobits. Few of those that nothing could be made of are busier,
    /// and what is runs dry once and is sent more, like a busy part of any film.
    /// </summary>
    private const double UnknownFilm = 1_000_000;
    private const double UnknownSound = 50_000;

    /// <summary>Average bytes of a second.</summary>
    /// <param name="seconds">How long the recording lasts; null while nobody knows.</param>
    public static double RateOf(ManifestAsset asset, double? seconds) => seconds > 0
        ? asset.Length / seconds.Value
        : asset.MediaType.StartsWith("audio/", StringComparison.Ordinal) ? UnknownSound : UnknownFilm;

    public static long PieceLength(double bytesPerSecond) => Math.Max(ShortestPiece, (long)(bytesPerSecond * Piece.TotalSeconds));

    /// <summary>Where a response begins: after what was sent already, or at a place of its own.</summary>
    public PacedRun Begin(Guid assetId, long offset, double bytesPerSecond)
    {
        lock (gate)
        {
            Pass();
            var run = runs.FindLast(run => run.AssetId == assetId && run.Start <= offset && offset <= run.End + Gap);
            if (run is null)
            {
                if (runs.Count == MostRuns)
                    runs.RemoveAt(Math.Max(0, runs.FindIndex(old => !old.IsWaited)));
                run = new PacedRun(assetId, offset);
            }
            else
            {
                runs.Remove(run);
                // Who asks for earlier bytes again has played them, or lost them on the way.
                run.Ahead = Math.Max(0, run.Ahead - run.Seconds(Math.Max(0, run.End - offset), bytesPerSecond));
            }

            run.End = offset;
            runs.Add(run);
            return run;
        }
    }

    /// <summary>Takes the right to send so many bytes from there on; false where it is too early.</summary>
    public bool TryTake(PacedRun run, long offset, int count, double bytesPerSecond)
    {
        lock (gate)
        {
            Pass();
            var seconds = run.Seconds(count, bytesPerSecond);
            run.IsWaited = run.Ahead > 0 && run.Ahead + seconds > Most.TotalSeconds;
            if (run.IsWaited)
                return false;
            run.Ahead += seconds;
            run.End = offset + count;
            return true;
        }
    }

    /// <summary>What the page says: how fast it plays, 0 while it is paused, and whether it has nothing left to play.</summary>
    public void Tell(double rate, bool isStarving)
    {
        lock (gate)
        {
            Pass();
            speed = rate;
            if (runs.Count == 0)
                return;
            var run = runs[^1];
            if (!isStarving)
            {
                run.Busy = Math.Max(1, Calm * run.Busy);
                return;
            }

            // Where he should hold little his line is slow, and nothing of ours keeps him waiting.
            if (run.Ahead < Most.TotalSeconds / 2)
                return;
            run.Ahead = Math.Max(0, run.Ahead - Relief);
            if (run.StarvedAt is { } before && time.GetElapsedTime(before) < Soon)
                run.Busy = Math.Min(MostBusy, 2 * run.Busy);
            run.StarvedAt = time.GetTimestamp();
        }
    }

    /// <summary>Seconds of playing that the asker holds of what he asked for last.</summary>
    public double Ahead
    {
        get
        {
            lock (gate)
            {
                Pass();
                return runs.Count == 0 ? 0 : runs[^1].Ahead;
            }
        }
    }

    private void Pass()
    {
        var played = time.GetElapsedTime(lookedAt).TotalSeconds * (speed ?? FastestSpeed);
        lookedAt = time.GetTimestamp();
        // What was asked for last is played, and so is what another page of the same person waits for.
        foreach (var run in runs)
        {
            if (run == runs[^1] || run.IsWaited)
                run.Ahead = Math.Max(0, run.Ahead - played);
        }
    }
}

/// <summary>A stretch of a file that is sent without a jump.</summary>
internal sealed class PacedRun(Guid assetId, long start)
{
    public Guid AssetId { get; } = assetId;

    public long Start { get; } = start;

    public long End { get; set; } = start;

    /// <summary>Seconds of playing that the asker holds of it.</summary>
    public double Ahead { get; set; }

    /// <summary>A response of it stands still until more was played.</summary>
    public bool IsWaited { get; set; }

    /// <summary>How many times the average it was found to be.</summary>
    public double Busy { get; set; } = 1;

    /// <summary>Timestamp of the last word that there was nothing to play.</summary>
    public long? StarvedAt { get; set; }

    public double Seconds(long bytes, double bytesPerSecond) => bytes / (bytesPerSecond * Busy);
}
