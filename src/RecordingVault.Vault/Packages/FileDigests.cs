using System.IO.Hashing;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Packages;

/// <summary>What a package says of one file, in bytes and digests.</summary>
public sealed record FileDigests(long Length, uint Crc32, ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> Sha512)
{
    /// <summary>Reads a stream to its end.</summary>
    public static async Task<FileDigests> MeasureAsync(Stream content, CancellationToken cancellationToken)
    {
        using var digesting = new Digesting();
        await BlocksAhead.ReadAsync(content, digesting.AppendAsync, cancellationToken);
        return digesting.Finish();
    }

    public static FileDigests Of(ReadOnlySpan<byte> content) => new(content.Length, System.IO.Hashing.Crc32.HashToUInt32(content), SHA256.HashData(content), SHA512.HashData(content));

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

        /// <summary>The same with two cores: SHA-512 takes as long as all the others together.</summary>
        public Task AppendAsync(ReadOnlyMemory<byte> bytes) => Task.WhenAll(
            Task.Run(() => sha512.AppendData(bytes.Span)),
            Task.Run(() =>
            {
                crc.Append(bytes.Span);
                sha256.AppendData(bytes.Span);
                length += bytes.Length;
            }));

        public FileDigests Finish() => new(length, crc.GetCurrentHashAsUInt32(), sha256.GetHashAndReset(), sha512.GetHashAndReset());

        public void Dispose()
        {
            sha256.Dispose();
            sha512.Dispose();
        }
    }
}
