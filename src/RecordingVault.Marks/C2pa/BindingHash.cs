using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.C2pa;

/// <summary>A stretch of a file that a hard binding covers.</summary>
/// <param name="Begin">Offset of its first byte.</param>
/// <param name="End">Behind its last byte.</param>
/// <param name="NamesPlace">Whether its offset, eight bytes, is hashed before it.</param>
internal readonly record struct BoundStretch(long Begin, long End, bool NamesPlace);

/// <summary>The digest of a hard binding, while the whole file goes by once from its beginning to its end.</summary>
/// <param name="stretches">In their order.</param>
internal sealed class BindingHash(IReadOnlyList<BoundStretch> stretches) : IDisposable
{
    private const int Step = 1 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long at;
    private int next;

    /// <summary>Of a file that can be read again, a mebibyte at a time: while one is hashed, the next is read.</summary>
    public static async ValueTask<byte[]> ReadAsync(IByteSource file, IReadOnlyList<BoundStretch> stretches, CancellationToken cancellationToken)
    {
        using var binding = new BindingHash(stretches);
        var (block, next) = (ArrayPool<byte>.Shared.Rent(Step), ArrayPool<byte>.Shared.Rent(Step));
        var hashing = Task.CompletedTask;
        try
        {
            for (long offset = 0; offset < file.Length; offset += Step)
            {
                var part = block.AsMemory(0, (int)Math.Min(Step, file.Length - offset));
                await file.ReadAsync(offset, part, cancellationToken);
                await hashing;
                hashing = Task.Run(() => binding.Append(part.Span), CancellationToken.None);
                (block, next) = (next, block);
            }

            await hashing;
        }
        finally
        {
            // Nothing is given back that is still hashed. What was read is somebody's recording.
            await hashing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
            ArrayPool<byte>.Shared.Return(next, clearArray: true);
        }

        return binding.Finish();
    }

    /// <summary>The bytes that come next.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            while (next < stretches.Count && stretches[next].End <= at)
                next++;
            var bound = next < stretches.Count ? stretches[next] : new BoundStretch(long.MaxValue, long.MaxValue, false);
            var isInside = at >= bound.Begin;
            var part = bytes[..(int)Math.Min(bytes.Length, (isInside ? bound.End : bound.Begin) - at)];
            if (isInside && at == bound.Begin && bound.NamesPlace)
                AppendPlace();
            if (isInside)
                hash.AppendData(part);
            at += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public byte[] Finish() => hash.GetHashAndReset();

    public void Dispose() => hash.Dispose();

    private void AppendPlace()
    {
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, at);
        hash.AppendData(place);
    }
}
