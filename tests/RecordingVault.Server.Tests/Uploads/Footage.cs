using System.Buffers.Binary;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Bytes that begin like an MP4 and go on like nothing in particular, the same for the same seed.</summary>
internal static class Footage
{
    public const int Segment = 4 * 1024 * 1024;

    public static byte[] Make(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32BigEndian(head, 24);
        "ftypisom\0\0\0\0isommp42"u8.CopyTo(head[4..]);
        head[..Math.Min(head.Length, length)].CopyTo(bytes);
        return bytes;
    }
}
