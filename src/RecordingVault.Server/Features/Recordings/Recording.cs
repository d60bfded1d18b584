using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>One meeting, or a segment of one. Words about it are sealed under its own key; dates, sizes, states and ids stay clear so that lists page in the database.</summary>
internal sealed class Recording : ITenantOwned, IListed
{
    public const string TitleColumn = "recordings.title";

    private UsageTag usageTag = UsageTag.NoTdm;

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required SealedText Title { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RecordedAt { get; set; }

    /// <summary>When the meeting was, or else when its recording was made here: what lists sort and filter by. The database computes it.</summary>
    public DateTimeOffset MeetingAt { get; private set; }

    /// <summary>When the last byte of the original was acknowledged; null while it is received.</summary>
    public DateTimeOffset? UploadedAt { get; private set; }
    public double? DurationSeconds { get; set; }

    /// <summary>Length in seconds, or -1 where it is not known: both engines put it in the same place then. The database computes it.</summary>
    public double LengthOrNone { get; private set; }
    public long SizeInBytes { get; private set; }
    public RecordingState State { get; private set; } = RecordingState.Receiving;

    /// <summary>Where its state stands in a list by state: failed 0, receiving 1, ready 2. The database computes it.</summary>
    public int StatePlace { get; private set; }

    /// <summary>Null where nobody told.</summary>
    public RecordingSource? Source { get; init; }

    public UsageTag UsageTag
    {
        get => usageTag;
        set
        {
            if (value != usageTag)
                TagChanges++;
            usageTag = value;
        }
    }

    /// <summary>How often its tag became another one: what was asked of the tag that it had is not asked of the same tag when it has it again.</summary>
    public int TagChanges { get; private set; }
    public ConfidentialityLabel Label { get; set; } = ConfidentialityLabel.Confidential;
    public required Guid CreatedBy { get; init; }

    /// <summary>When somebody last began to watch or take it; null before the first time. Not a change of the row.</summary>
    public DateTimeOffset? LastViewedAt { get; private set; }

    /// <summary>When it was put into the trash; null outside.</summary>
    public DateTimeOffset? TrashedAt { get; private set; }

    /// <summary>When it is destroyed, where that is not after the time that everything lies in the trash.</summary>
    public DateTimeOffset? TrashedUntil { get; private set; }

    /// <summary>The recording that all its files moved into; null unless it was merged and nothing came into it since.</summary>
    public Guid? MergedInto { get; private set; }

    /// <summary>Its keys are being destroyed: there is no way back, and it is in no list.</summary>
    public bool IsBeingDestroyed { get; set; }

    /// <summary>When somebody said that this copy of a file that was here before is wanted too.</summary>
    public DateTimeOffset? KeptBothAt { get; set; }

    /// <summary>When every stored byte of it was last read and verified; null before the first time. Not a change of the row.</summary>
    public DateTimeOffset? VerifiedAt { get; private set; }

    /// <summary>Since when something of it is known to be damaged; null while all is well.</summary>
    public DateTimeOffset? DamagedSince { get; private set; }

    public Guid? ManifestObjectId { get; private set; }
    public long ManifestSequence { get; private set; }
    public byte[]? ManifestDigest { get; private set; }

    /// <summary>Counts changes of the row; the concurrency token on both engines.</summary>
    public int Version { get; private set; }

    /// <summary>The version that the newest card tells; null before the first. Not a change of the row.</summary>
    public int? CardVersion { get; private set; }

    public ManifestCommit? Manifest => ManifestObjectId is { } id && ManifestDigest is { } digest ? new ManifestCommit(id, ManifestSequence, digest) : null;

    /// <summary>Takes in a committed manifest. From here on what it binds can be served.</summary>
    /// <param name="addedBytes">Length of what it binds more than the one before and that came in: what we make ourselves counts for nobody.</param>
    public void Commit(ManifestCommit manifest, long addedBytes, DateTimeOffset now)
    {
        if (manifest.Sequence != ManifestSequence + 1)
            throw new InvalidOperationException("A manifest follows the one before it.");
        ManifestObjectId = manifest.ObjectId;
        ManifestSequence = manifest.Sequence;
        ManifestDigest = manifest.Digest.ToArray();
        SizeInBytes += addedBytes;
        UploadedAt ??= now;
        MergedInto = null;
        if (State == RecordingState.Receiving)
            State = RecordingState.Ready;
        Touch();
    }

    /// <summary>Takes in a manifest that says once more what the one before it said, because another one lies beside that in the store.</summary>
    public void Restate(ManifestCommit manifest)
    {
        (ManifestObjectId, ManifestSequence, ManifestDigest) = (manifest.ObjectId, manifest.Sequence, manifest.Digest.ToArray());
        Touch();
    }

    /// <summary>What processing says of its film: that nothing could be made of it, or that it could after all.</summary>
    public void Judge(bool isFailed)
    {
        if (State == RecordingState.Receiving)
            return;
        State = isFailed ? RecordingState.Failed : RecordingState.Ready;
        Touch();
    }

    /// <summary>When it is destroyed; null outside the trash. What is on hold, or must be kept for longer, waits beyond that.</summary>
    public DateTimeOffset? GoesAt => TrashedAt is { } trashedAt ? TrashedUntil ?? trashedAt + RecordingTrash.KeptFor : null;

    /// <param name="until">When it goes from there; null after the time that everything lies there.</param>
    public void Trash(DateTimeOffset now, DateTimeOffset? until = null) => (TrashedAt, TrashedUntil) = (now, until);

    public void TakeOut() => (TrashedAt, TrashedUntil) = (null, null);

    /// <summary>All its files are in another recording now: it waits for a first file again, like one that was just made, in the trash.</summary>
    public void Empty(Guid mergedInto, DateTimeOffset now)
    {
        MergedInto = mergedInto;
        Trash(now);
        (State, UploadedAt, DurationSeconds) = (RecordingState.Receiving, null, null);
    }

    public void Touch() => Version++;
}

internal enum RecordingState
{
    Receiving,
    Ready,

    /// <summary>Its film could not be processed. It is kept as it came, and can be downloaded.</summary>
    Failed,
}

internal enum ConfidentialityLabel
{
    Public,
    Internal,
    Confidential,
    Restricted,
}
