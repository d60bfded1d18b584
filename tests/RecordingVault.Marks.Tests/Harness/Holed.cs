using System.Buffers.Binary;
using System.Text;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Tests.Harness;

/// <summary>A small file made large by a <c>free</c> box full of nothing, which no disk has to hold.</summary>
internal sealed class Holed(byte[] before, long hole, byte[] after) : IByteSource
{
    public long Length => before.Length + hole + after.Length;

    /// <summary>The file with a hole in front of a box, and its 32-bit chunk offsets moved behind it.</summary>
    public static Holed Before(byte[] file, string type, long hole)
    {
        var at = file.AsSpan().IndexOf(Encoding.Latin1.GetBytes(type)) - 4;
        for (var table = 0; (table = file.AsSpan(table).IndexOf("stco"u8) is var next and >= 0 ? table + next : -1) >= 0; table += 4)
        {
            var count = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(table + 8));
            for (var entry = file.AsSpan(table + 12, 4 * count); entry.Length > 0; entry = entry[4..])
                BinaryPrimitives.WriteUInt32BigEndian(entry, checked((uint)(BinaryPrimitives.ReadUInt32BigEndian(entry) + hole)));
        }

        var head = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)hole);
        "free"u8.CopyTo(head.AsSpan(4));
        return new Holed([.. file[..at], .. head], hole - head.Length, file[at..]);
    }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (; buffer.Length > 0; buffer = buffer[1..], offset++)
        {
            var behind = offset - before.Length - hole;
            if (offset >= before.Length && behind < 0)
            {
                var zeros = (int)Math.Min(buffer.Length, -behind);
                buffer.Span[..zeros].Clear();
                buffer = buffer[(zeros - 1)..];
                offset += zeros - 1;
                continue;
            }

            buffer.Span[0] = behind >= 0 ? after[behind] : before[offset];
        }

        return ValueTask.CompletedTask;
    }

    public Task<string> WriteAsync(string path, CancellationToken ct) => WriteAsync(new Splice([Piece.Stretch(0, Length)]), this, path, ct);

    /// <summary>Writes a spliced file and leaves holes where there are only zeros.</summary>
    public static async Task<string> WriteAsync(Splice splice, IByteSource source, string path, CancellationToken ct)
    {
        await using var file = File.Create(path);
        file.SetLength(splice.Length);
        var buffer = new byte[1 << 20];
        for (long at = 0; at < splice.Length; at += buffer.Length)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, splice.Length - at));
            await splice.ReadAsync(source, at, part, ct);
            if (part.Span.IndexOfAnyExcept((byte)0) < 0)
                continue;
            file.Position = at;
            await file.WriteAsync(part, ct);
        }

        return path;
    }
}
