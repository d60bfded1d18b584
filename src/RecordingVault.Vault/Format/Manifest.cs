namespace RecordingVault.Vault.Format;

/// <summary>One sealed object of an asset: what a reader needs to rebuild its header.</summary>
/// <param name="PlaintextLength">1 to 4,194,304 bytes.</param>
public sealed record SegmentRef(Guid ObjectId, ReadOnlyMemory<byte> Salt, int PlaintextLength);

/// <summary>One thing that belongs to a recording: its bytes are those of its segments, joined in order.</summary>
/// <param name="Length">The sum of the segments' plaintext lengths; an empty asset has no segments.</param>
public sealed record ManifestAsset(Guid Id, ObjectRole Role, string MediaType, long Length, IReadOnlyList<SegmentRef> Segments);

/// <summary>All that belongs to one recording at one time. Every change makes a new manifest with the next <paramref name="Sequence"/>, from 1.</summary>
/// <param name="PreviousDigest">SHA-256 of the sealed bytes of the manifest before; null exactly for the first.</param>
public sealed record Manifest(Guid TenantId, Guid RecordingId, long Sequence, ReadOnlyMemory<byte>? PreviousDigest, IReadOnlyList<ManifestAsset> Assets)
{
    // In `condition ? memory : null` the null becomes an empty memory without a word from the compiler. Both mean that there is none.
    public ReadOnlyMemory<byte>? PreviousDigest { get; init => field = NoneIfEmpty(value); } = NoneIfEmpty(PreviousDigest);

    private static ReadOnlyMemory<byte>? NoneIfEmpty(ReadOnlyMemory<byte>? digest) => digest is { IsEmpty: false } ? digest : default(ReadOnlyMemory<byte>?);
}

/// <summary>What the database row keeps of a manifest: with it, no older or other manifest passes.</summary>
/// <param name="Digest">SHA-256 of the sealed bytes.</param>
public sealed record ManifestCommit(Guid ObjectId, long Sequence, ReadOnlyMemory<byte> Digest);
