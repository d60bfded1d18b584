namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>What a certificate says of a recording that nobody can ask any more when it is written. Ids, times, sizes and digests, and no word.</summary>
/// <param name="Label">Its confidentiality label.</param>
/// <param name="ManifestSha256">Of the newest manifest as it lies sealed, lower-case hex; null where nothing was ever bound.</param>
/// <param name="Root">The id of the root key that wraps the tenant key.</param>
/// <param name="HoldsLifted">How often it was held and let go.</param>
internal sealed record DispositionFacts(
    DateTimeOffset CreatedAt, DateTimeOffset? RecordedAt, DateTimeOffset? UploadedAt, string Label, string Tag, long ManifestSequence, string? ManifestSha256,
    IReadOnlyList<DestroyedAsset> Assets, IReadOnlyList<DestroyedKey> Keys, Guid Root, int HoldsLifted)
{
    /// <summary>Of what was being destroyed before certificates were made: its key may be gone already.</summary>
    public bool IsFromBefore { get; init; }
}

/// <param name="Sha256">Of the content as it came in, lower-case hex; null where no job had read it whole.</param>
internal sealed record DestroyedAsset(Guid Id, string Role, long SizeInBytes, string? Sha256);

/// <param name="WrappedBy">The id of the tenant key.</param>
internal sealed record DestroyedKey(Guid Id, Guid WrappedBy);

/// <param name="Event">Its number in the log.</param>
/// <param name="Schedule">The schedule by which its day had come; null where a person put it there.</param>
internal sealed record TrashedBy(DateTimeOffset At, string ActorKind, Guid? ActorId, long Event, string? Schedule);

/// <param name="HasMore">More left than are told; the log has all of them.</param>
internal sealed record CopiesOut(IReadOnlyList<CopyOut> Copies, bool HasMore);

/// <summary>A copy that left while the recording was here. Nothing calls it back.</summary>
/// <param name="Kind">download or package.</param>
/// <param name="Recipient">As it was written down; null where a member took it for himself.</param>
internal sealed record CopyOut(string Kind, DateTimeOffset At, string? Recipient, string? For, string ActorKind, Guid? ActorId, long Event);
