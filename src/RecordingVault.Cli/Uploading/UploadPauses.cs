using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Uploading;

/// <summary>How long to wait before the next try, and when to give up: when nothing has got through for the whole of the person's patience.</summary>
internal sealed class UploadPauses(TimeSpan patience, TimeProvider time, IUploadWatch watch)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private long since = time.GetTimestamp();
    private long best = -1;
    private TimeSpan next = First;

    /// <summary>More has got through than ever before.</summary>
    public void Note(long offset)
    {
        if (offset <= best) return;
        (best, next, since) = (offset, First, time.GetTimestamp());
    }

    /// <param name="asked">What the vault asked for; null when it did not.</param>
    /// <param name="why">One sentence.</param>
    /// <exception cref="CommandException">Patience is over.</exception>
    public async Task WaitAsync(TimeSpan? asked, string why, CancellationToken cancellationToken)
    {
        // Many clients that lost the same server do not come back in the same instant.
        var own = next * (0.5 + (Random.Shared.NextDouble() / 2));
        var pause = asked is { } told && told > own ? told : own;
        if (time.GetElapsedTime(since) + pause > patience)
            throw new CommandException(ExitCode.Unreachable, $"{why} Nothing has got through for {Amounts.Time(time.GetElapsedTime(since))}, so this is where it ends for now; the same command goes on from there.");
        watch.Say($"{why} Trying again in {Amounts.Time(pause)}.");
        await Task.Delay(pause, time, cancellationToken);
        next = next * 2 > Longest ? Longest : next * 2;
    }
}
