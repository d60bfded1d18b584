namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// Pulls a range of an object, front to back. A connection that breaks or falls silent midway is taken up again where it broke; what was handed on was never
/// handed on twice, and the end of a body that is too short is no end.
/// </summary>
internal sealed class S3RangeStream(Func<long, long, CancellationToken, Task<SignedAnswer>> request, S3Attempts attempts, S3Timing timing, long offset, long length) : PulledStream
{
    /// <summary>In a row, without a byte between.</summary>
    private const int MostBreaks = 4;

    private long position = offset;
    private long remaining = length;
    private SignedAnswer? answer;
    private Stream? body;
    private bool isOpened;
    private int breaks;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        answer = await attempts.RunAsync(timing.Answer, ended => request(position, remaining, ended), cancellationToken);
        if (isOpened && answer.Length != remaining) throw new ObjectStoreException(StoreFailure.Misbehaving, "An object became shorter while it was read.");
        isOpened = true;
        remaining = answer.Length;
        body = await answer.Message.Content.ReadAsStreamAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (remaining == 0 || buffer.IsEmpty) return 0;
        var wanted = buffer[..(int)Math.Min(buffer.Length, remaining)];
        while (true)
        {
            if (body is null) await OpenAsync(cancellationToken);
            var count = await TryReadAsync(wanted, cancellationToken);
            if (count > 0)
            {
                breaks = 0;
                position += count;
                remaining -= count;
                return count;
            }
            Drop();
            if (++breaks > MostBreaks) throw new ObjectStoreException(StoreFailure.Unavailable, "The store broke off again and again while an object was read.");
        }
    }

    /// <summary>Zero when the connection broke, ended too early or fell silent.</summary>
    private async ValueTask<int> TryReadAsync(Memory<byte> wanted, CancellationToken cancellationToken)
    {
        var reading = body!.ReadAsync(wanted, cancellationToken);
        if (reading.IsCompletedSuccessfully) return reading.Result;
        var task = reading.AsTask();
        try
        {
            return await task.WaitAsync(timing.Silence, cancellationToken);
        }
        catch (Exception broken)
        {
            await AbandonAsync(task);
            if (broken is TimeoutException or IOException or HttpRequestException && !cancellationToken.IsCancellationRequested) return 0;
            throw;
        }
    }

    /// <summary>The buffer is the caller's, who may use it again as soon as we return: no read may still be writing into it.</summary>
    private async Task AbandonAsync(Task reading)
    {
        Drop();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Drop()
    {
        answer?.Dispose();
        answer = null;
        body = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Drop();
        base.Dispose(disposing);
    }
}
