using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// Tries again, a bounded number of times and with growing pauses, what may succeed later. The library tries nothing twice by itself. Safe for every
/// request that the vault makes: names are never used twice, and putting the same bytes again is a retry.
/// </summary>
internal sealed class S3Attempts(S3Timing timing, TimeProvider time)
{
    /// <param name="limit">For one try, its body included.</param>
    /// <exception cref="ObjectStoreException">The last try's failure.</exception>
    public async Task<T> RunAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            // The first has its own limit alone: a long part on a slow line may take more than all tries of a short one.
            var left = timing.AllTries - time.GetElapsedTime(began);
            var failure = await TryAsync(tries == 0 || limit < left ? limit : left, attempt, cancellationToken);
            if (failure.Failure is null) return failure.Result!;
            if (failure.Failure.Failure != StoreFailure.Unavailable || tries == timing.Pauses.Count) throw failure.Failure;
            var pause = Jittered(timing.Pauses[tries]);
            if (time.GetElapsedTime(began) + pause >= timing.AllTries) throw failure.Failure;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Many writers that were thrown out together do not come back together.</summary>
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.75 + (Random.Shared.NextDouble() / 2));

    private async Task<(T? Result, ObjectStoreException? Failure)> TryAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return (await attempt(ended.Token), null);
        }
        catch (Exception fault) when (fault is not SealedFormatException)
        {
            // A request that was cancelled breaks in many ways.
            cancellationToken.ThrowIfCancellationRequested();
            if (timer.IsCancellationRequested) return (default, new ObjectStoreException(StoreFailure.Unavailable, "The store did not answer in time.", fault));
            if (S3Faults.Of(fault) is { } failure) return (default, failure);
            throw;
        }
    }
}
