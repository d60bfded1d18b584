using System.Security.Cryptography;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>A file of a recording that left to be kept, and what a receipt names it by.</summary>
/// <param name="Sha256">Of all bytes that left, the mark among them.</param>
/// <param name="FrontSha256">Of the front that holds the mark; empty where there is none.</param>
/// <param name="Tag">The tag in force, which the file says.</param>
internal sealed record MarkedCopy(long Length, ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> FrontSha256, string Tag);

/// <summary>
/// For whoever puts recordings into a package: a recording's film as it leaves, by the gate, with its event, and with the mark of the tag in force in it, which was read back before.
/// It is read once, from the beginning to the end.
/// </summary>
internal sealed class MarkedContent(ReleaseGate gate)
{
    /// <summary>What the gate says; a release that it allowed is to be disposed of.</summary>
    /// <param name="assetId">One of several films; null for the one that lists tell of.</param>
    public ValueTask<ReleaseDecision> OpenAsync(Asker asker, Guid recordingId, Guid? assetId, string? recipient, CancellationToken cancellationToken) =>
        gate.OpenAsync(asker, recordingId, assetId is null ? AssetWish.Original : new AssetWish(assetId, PrefersRendition: false), ReleasePurpose.Download, recipient, cancellationToken);

    /// <summary>Writes all of it.</summary>
    /// <exception cref="Vault.Format.SealedFormatException">What is stored is damaged: what was written until then was right, and is not all.</exception>
    public static async Task<MarkedCopy> CopyAsync(OpenedRelease release, Stream destination, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var hashed = new HashedStream(destination, sha256);
        await using (var whole = await release.Bytes.OpenRangeAsync(0, release.Bytes.Length, cancellationToken))
            await whole.CopyToAsync(hashed, cancellationToken);
        return new MarkedCopy(release.Bytes.Length, sha256.GetHashAndReset(), release.Mark?.Digest ?? default(ReadOnlyMemory<byte>), release.Tag.Name);
    }

    /// <summary>Hashes what is written through it, and leaves what it writes to open.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is written asynchronously.");

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
