using System.Buffers;
using System.Security.Cryptography;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.C2pa;

internal static class StretchHash
{
    private const int Step = 1 << 20;

    /// <summary>Adds what lies between two offsets, a mebibyte at a time.</summary>
    public static async ValueTask AppendAsync(this IncrementalHash hash, IByteSource file, long begin, long end, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        try
        {
            for (var at = begin; at < end; at += Step)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(Step, end - at));
                await file.ReadAsync(at, part, cancellationToken);
                hash.AppendData(part.Span);
            }
        }
        finally
        {
            // What was read is somebody's recording.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
