using System.IO.Hashing;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Packages;

/// <summary>What a package says of one file, in bytes and digests.</summary>
public sealed record FileDigests(long Length, uint Crc32, ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> Sha512)
{
    internal const int BlockLength = 128 * 1024;

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<FileDigests> MeasureAsync(Stream content, CancellationToken cancellationToken)
    {
        using var digesting = new Digesting();
        var block = new byte[BlockLength];
        try
        {
            while (await content.ReadAsync(block, cancellationToken) is var count and > 0)
                digesting.Append(block.AsSpan(0, count));
            return digesting.Finish();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    public static FileDigests Of(ReadOnlySpan<byte> content) => new(content.Length, System.IO.Hashing.Crc32.HashToUInt32(content), SHA256.HashData(content), SHA512.HashData(content));

    internal bool Equal(FileDigests other) =>
        Length == other.Length && Crc32 == other.Crc32 && Sha256.Span.SequenceEqual(other.Sha256.Span) && Sha512.Span.SequenceEqual(other.Sha512.Span);

    /// <summary>All of them in one pass.</summary>
    internal sealed class Digesting : IDisposable
    {
        private readonly Crc32 crc = new();
        private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        private long length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            crc.Append(bytes);
            sha256.AppendData(bytes);
            sha512.AppendData(bytes);
            length += bytes.Length;
        }

        public FileDigests Finish() => new(length, crc.GetCurrentHashAsUInt32(), sha256.GetHashAndReset(), sha512.GetHashAndReset());

        public void Dispose()
        {
            sha256.Dispose();
            sha512.Dispose();
        }
    }
}
