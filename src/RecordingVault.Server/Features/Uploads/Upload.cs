using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>A file on its way in, by tus. Its offset is what its segments hold: every byte that was ever acknowledged is sealed and durable (P6).</summary>
internal sealed class Upload : ITenantOwned
{
    public const string MetadataColumn = "uploads.metadata";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid AssetId { get; init; }

    /// <summary>The member who began it, in person or by a token of his. Only he goes on.</summary>
    public required Guid MemberId { get; init; }
    public Guid? TokenId { get; init; }
    public required ObjectRole Role { get; init; }
    public required string MediaType { get; init; }

    /// <summary>The Upload-Metadata line as it came, under the recording's key; echoed to its owner only.</summary>
    public required SealedText Metadata { get; init; }

    /// <summary>Null until a deferred length is told.</summary>
    public long? DeclaredLength { get; set; }

    /// <summary>Bytes sealed and durable: the offset that HEAD answers.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>PATCHes that ended below 64 KiB without finishing the upload; 256 at most (security.md 10).</summary>
    public int SmallPatches { get; set; }
    public UploadState State { get; set; } = UploadState.Receiving;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }
    public int Version { get; set; }
}

internal enum UploadState
{
    Receiving,
    Finished,
    Ended,
}

/// <summary>A sealed piece of an upload, in order. The last one may be a tail shorter than 4 MiB, which the next PATCH opens, joins and seals anew.</summary>
internal sealed class UploadSegment : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid UploadId { get; init; }
    public required int Ordinal { get; init; }
    public required Guid ObjectId { get; init; }
    public required byte[] Salt { get; init; }
    public required int PlaintextLength { get; init; }
}
