namespace RecordingVault.Vault.Storage.S3;

/// <summary>What was read ahead of a stream, and then the stream.</summary>
internal sealed class JoinedStream(ReadOnlyMemory<byte> start, Stream rest) : PulledStream
{
    private ReadOnlyMemory<byte> left = start;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left.IsEmpty) return rest.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(left.Length, buffer.Length);
        left[..count].CopyTo(buffer);
        left = left[count..];
        return ValueTask.FromResult(count);
    }
}
