namespace RecordingVault.Vault.Format;

/// <summary>The arithmetic of a sealed object: a header of 128 bytes, then chunks of 65,536 bytes with a tag of 16 each.</summary>
internal static class SealedLayout
{
    public const int HeaderLength = 128;
    public const int ChunkLength = 65_536;
    public const int TagLength = 16;
    public const int SealedChunkLength = ChunkLength + TagLength;

    /// <summary>64 GiB: far below what AES-GCM allows under one key, and a sum of any number that fits a manifest stays far below 2^63.</summary>
    public const long MaxPlaintextLength = 1L << 36;

    public const int MaxSegmentLength = 4 * 1024 * 1024;

    public static long ChunkCount(long plaintextLength) => Math.Max(1, (plaintextLength + ChunkLength - 1) / ChunkLength);

    public static long SealedLength(long plaintextLength) => HeaderLength + plaintextLength + (TagLength * ChunkCount(plaintextLength));

    public static long ChunkOffset(long chunkIndex) => HeaderLength + (chunkIndex * SealedChunkLength);

    /// <summary>How much plaintext stands in one chunk of an object.</summary>
    public static int ChunkPlaintextLength(long plaintextLength, long chunkIndex) =>
        (int)Math.Min(ChunkLength, plaintextLength - (chunkIndex * ChunkLength));

    /// <summary>The one plaintext length that gives this sealed length, if there is one.</summary>
    public static bool TryPlaintextLength(long sealedLength, out long plaintextLength)
    {
        var body = sealedLength - HeaderLength;
        var chunks = (body + SealedChunkLength - 1) / SealedChunkLength;
        plaintextLength = body - (TagLength * chunks);
        if (body == TagLength) return true;
        return body > 0 && body - ((chunks - 1) * SealedChunkLength) > TagLength && plaintextLength <= MaxPlaintextLength;
    }
}
