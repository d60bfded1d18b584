using System.Security.Cryptography;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>The file cannot be taken; nothing of it is kept.</summary>
internal sealed class EvidenceRefusedException(Problem problem) : Exception(problem.Title)
{
    public Problem Problem { get; } = problem;
}

/// <summary>A file on its way into the store: read once, judged and measured as it passes, in memory only. It throws <see cref="EvidenceRefusedException"/> at the byte that makes it one that is not taken.</summary>
internal sealed class EvidenceStream(Stream body) : Stream
{
    public const long MostBytes = 20 * 1024 * 1024;

    private readonly byte[] first = new byte[EvidenceKinds.NeededBytes];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int held;
    private int given;

    public EvidenceKind Kind { get; private set; }

    /// <summary>Bytes that were read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Of all that was read.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Reads as much as tells the kind.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        held = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellationToken);
        Kind = EvidenceKinds.Find(first.AsSpan(0, held)) ?? throw new EvidenceRefusedException(EvidenceProblems.NotTaken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        if (given < held)
        {
            read = Math.Min(buffer.Length, held - given);
            first.AsMemory(given, read).CopyTo(buffer);
            given += read;
        }
        else
        {
            read = await body.ReadAsync(buffer, cancellationToken);
        }

        Judge(buffer.Span[..read]);
        return read;
    }

    private void Judge(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        if (Count > MostBytes)
            throw new EvidenceRefusedException(EvidenceProblems.TooLarge);
        if (Kind.IsText() && !EvidenceKinds.IsText(bytes))
            throw new EvidenceRefusedException(EvidenceProblems.NotTaken);
        hash.AppendData(bytes);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // A person's paper: what is held of it goes at once.
        CryptographicOperations.ZeroMemory(first);
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }
}
