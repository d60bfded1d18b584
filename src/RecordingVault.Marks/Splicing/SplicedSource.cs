namespace RecordingVault.Marks.Splicing;

/// <summary>A spliced file as a file of its own, to be read like any other.</summary>
public sealed class SplicedSource(Splice splice, IByteSource source) : IByteSource
{
    public long Length => splice.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => splice.ReadAsync(source, offset, buffer, cancellationToken);
}
