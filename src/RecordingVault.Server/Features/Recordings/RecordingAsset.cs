using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>One file of a recording. Its segments stand in the manifest; this row is for lists.</summary>
internal sealed class RecordingAsset : ITenantOwned
{
    public const string FileNameColumn = "recording_assets.file_name";
    public const string ContentDigestColumn = "recording_assets.content_digest";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required ObjectRole Role { get; init; }
    public required string MediaType { get; init; }
    public required long SizeInBytes { get; init; }

    /// <summary>As the uploader named it, under the recording's key; null for what we made.</summary>
    public SealedText? FileName { get; init; }

    /// <summary>The original that it was made from; null for what came in.</summary>
    public Guid? DerivedFrom { get; init; }

    /// <summary>Of captions, as their file names it (eng, de …); null where it does not say.</summary>
    public string? Language { get; init; }

    /// <summary>SHA-256 of the whole content as hex, sealed under the recording's key; a job reads it once the manifest is committed (security.md 3).</summary>
    public SealedText? ContentDigest { get; set; }

    /// <summary>Keyed digest of the same under the tenant's digest key, by which the same content is found twice (security.md 3); originals only.</summary>
    public byte[]? ContentKey { get; set; }
}

/// <summary>A person who was recorded, as entered for one recording.</summary>
internal sealed class Participant : ITenantOwned
{
    public const string NameColumn = "participants.name";
    public const string EmailColumn = "participants.email";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required SealedText Name { get; set; }
    public SealedText? Email { get; set; }

    /// <summary>How we know that he was there.</summary>
    public ParticipantSource Source { get; init; }
}
