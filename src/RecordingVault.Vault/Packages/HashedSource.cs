using System.Security.Cryptography;

namespace RecordingVault.Vault.Packages;

/// <summary>A stream that is read once, from its beginning to its end, counted and hashed.</summary>
internal sealed class HashedSource(Stream stream) : IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes that were counted in.</summary>
    public long Position { get; private set; }

    /// <summary>Of what was counted in.</summary>
    public byte[] Sha256 => sha256.GetCurrentHash();

    /// <summary>Reads all of the buffer, and counts it in only when <see cref="Count"/> says so.</summary>
    public async Task PeekAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) < buffer.Length)
            throw new PackageException(PackageFailure.Cut, "It ends before its end: a part of it is missing.");
    }

    public void Count(ReadOnlySpan<byte> bytes)
    {
        sha256.AppendData(bytes);
        Position += bytes.Length;
    }

    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await stream.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..count]);
        return count;
    }

    public async Task<bool> IsAtEndAsync(CancellationToken cancellationToken) => await stream.ReadAsync(new byte[1], cancellationToken) == 0;

    public void Dispose() => sha256.Dispose();
}

/// <summary>One stored file inside a package, to be read once, to its end.</summary>
internal sealed class StoredFileStream(HashedSource source, long length, FileDigests.Digesting digesting) : Stream
{
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position == length || buffer.IsEmpty)
            return 0;
        var count = await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - position)], cancellationToken);
        if (count == 0)
            throw new PackageException(PackageFailure.Cut, "It ends before its end: a part of it is missing.");
        digesting.Append(buffer.Span[..count]);
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A package is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
