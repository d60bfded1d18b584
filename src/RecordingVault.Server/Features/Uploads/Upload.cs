using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>A file on its way in, by tus. Its offset is what its segments hold: every byte that was ever acknowledged is sealed and durable (P6).</summary>
internal sealed class Upload : ITenantOwned
{
    public const string MetadataColumn = "uploads.metadata";

    /// <summary>An upload is kept for so long after its last byte; a finished one answers HEAD for as long after its end.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid AssetId { get; init; }

    /// <summary>The member who began it, in person or by a token of his. In person he goes on with either.</summary>
    public required Guid MemberId { get; init; }

    /// <summary>The token that began it. A token goes on with what it began itself and with nothing else of its member.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>Whether its creation made the recording, or the upload that did was ended before it: then the recording goes when this one is ended and nothing else is in it.</summary>
    public required bool MadeRecording { get; init; }

    /// <summary>What its segments are sealed as. Changes at most once, when the content is judged, with the tail that was sealed before.</summary>
    public required ObjectRole Role { get; set; }

    /// <summary>Null until enough of the content has come to judge it.</summary>
    public string? MediaType { get; set; }

    /// <summary>The Upload-Metadata line as it came, under the recording's key; echoed to its owner only.</summary>
    public required SealedText Metadata { get; init; }

    /// <summary>Null until a deferred length is told.</summary>
    public long? DeclaredLength { get; set; }

    /// <summary>Bytes sealed and durable: the offset that HEAD answers.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>PATCHes that brought less than 64 KiB without finishing the upload.</summary>
    public int SmallPatches { get; private set; }
    public UploadState State { get; private set; } = UploadState.Receiving;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Counts changes of the row. Two nodes that receive one upload at once find out by it: the second to commit is refused.</summary>
    public int Version { get; private set; }

    public bool IsGone(DateTimeOffset now) => State == UploadState.Ending || (State == UploadState.Receiving && now >= ExpiresAt);

    /// <summary>Counts bytes whose segment is durable.</summary>
    public void Receive(long bytes, DateTimeOffset now)
    {
        RequireReceiving();
        ReceivedBytes += bytes;
        ExpiresAt = now + Lifetime;
        Version++;
    }

    public void CountSmallPatch()
    {
        SmallPatches++;
        Version++;
    }

    /// <summary>The last byte is durable and the manifest that binds it is committed with this.</summary>
    public void Finish(long length, DateTimeOffset now)
    {
        RequireReceiving();
        (ReceivedBytes, DeclaredLength) = (length, length);
        State = UploadState.Finished;
        ExpiresAt = now + Lifetime;
        Version++;
    }

    /// <summary>From here on its bytes are being deleted; nobody goes on with it.</summary>
    public void BeginEnding()
    {
        RequireReceiving();
        State = UploadState.Ending;
        Version++;
    }

    private void RequireReceiving()
    {
        if (State != UploadState.Receiving)
            throw new InvalidOperationException($"The upload is {State}: it takes nothing more.");
    }
}

internal enum UploadState
{
    Receiving,
    Ending,
    Finished,
}

/// <summary>A sealed piece of an upload, in order. The last one may be a tail shorter than 4 MiB, which the next PATCH opens, joins and seals anew.</summary>
internal sealed class UploadSegment : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid UploadId { get; init; }
    public required int Ordinal { get; init; }
    public required Guid ObjectId { get; set; }
    public required byte[] Salt { get; set; }
    public required int PlaintextLength { get; set; }

    public SegmentRef Ref => new(ObjectId, Salt, PlaintextLength);

    /// <summary>The tail's place in the order is taken by the segment that it was joined into.</summary>
    public void Replace(SegmentRef segment) => (ObjectId, Salt, PlaintextLength) = (segment.ObjectId, segment.Salt.ToArray(), segment.PlaintextLength);
}

/// <summary>
/// What is remembered of an upload that was ended before it was whole: enough to answer 410, and to finish deleting its recording's objects
/// after a crash. No word about anybody stands in it.
/// </summary>
internal sealed class EndedUpload : ITenantOwned
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The recording that went with it, whose objects are to be deleted; null when the recording stayed.</summary>
    public Guid? RemovedRecordingId { get; init; }

    /// <summary>Whether the removed recording's objects are gone from the store.</summary>
    public bool IsSwept { get; set; }
}
