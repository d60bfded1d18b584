namespace RecordingVault.Marks.Splicing;

/// <summary>A file that can be read anywhere. Whoever implements it says where it lies, and under which key.</summary>
public interface IByteSource
{
    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from an offset that lies, with all of the buffer, inside the file.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>A file that is in memory.</summary>
public sealed class MemorySource(ReadOnlyMemory<byte> bytes) : IByteSource
{
    public long Length => bytes.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        bytes.Slice(checked((int)offset), buffer.Length).CopyTo(buffer);
        return ValueTask.CompletedTask;
    }
}

public static class ByteSources
{
    /// <summary>A part in memory of its own; null where it does not lie inside the file.</summary>
    internal static async ValueTask<byte[]?> PartAsync(this IByteSource source, long offset, int length, CancellationToken cancellationToken)
    {
        if (offset < 0 || length < 0 || offset > source.Length - length)
            return null;
        var part = new byte[length];
        await source.ReadAsync(offset, part, cancellationToken);
        return part;
    }
}
