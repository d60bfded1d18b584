using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>A file that begins like an MP4 and goes on like nothing in particular, in the page cache.</summary>
internal sealed record Film(string Path, long Length, string Digest)
{
    private const int BlockLength = 4 * 1024 * 1024;

    public static Film Make(string path, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var block = new byte[BlockLength];
            for (long offset = 0; offset < length; offset += BlockLength)
            {
                RandomNumberGenerator.Fill(block);
                if (offset == 0)
                    WriteHead(block);
                var part = block.AsSpan(0, (int)Math.Min(BlockLength, length - offset));
                RandomAccess.Write(file, part, offset);
                hash.AppendData(part);
            }

            RandomAccess.FlushToDisk(file);
        }

        return new Film(path, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void WriteHead(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 24);
        "ftypisom\0\0\0\0isommp42"u8.CopyTo(bytes[4..]);
    }
}
