namespace RecordingVault.Vault.Storage.S3;

/// <summary>A source that the library reads: counts, ends when it is cancelled, refuses to go beyond a limit, and remembers what broke it.</summary>
internal sealed class CountedStream(Stream source, long most, CancellationToken cancelled) : PulledStream
{
    public long Count { get; private set; }

    /// <summary>Whether the source said that nothing more comes.</summary>
    public bool IsAtEnd { get; private set; }

    public Exception? Fault { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // The library does not pass its token on.
            cancelled.ThrowIfCancellationRequested();
            var count = await source.ReadAsync(buffer, cancelled);
            Count += count;
            IsAtEnd |= count == 0 && buffer.Length > 0;
            if (Count > most) throw new IOException($"An object of unknown length may have {most / 1024 / 1024 / 1024} GiB on this store.");
            return count;
        }
        catch (Exception fault)
        {
            Fault ??= fault;
            throw;
        }
    }
}
