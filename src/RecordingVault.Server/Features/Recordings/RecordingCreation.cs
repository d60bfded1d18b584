using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>What a new recording begins with. Tag and label are the closed ones unless somebody tightens them (P4).</summary>
internal sealed record NewRecording(string Title, DateTimeOffset? RecordedAt, IReadOnlyList<PersonRequest?> People)
{
    public const int LongestTitle = 300;

    public UsageTag UsageTag { get; init; } = UsageTag.NoTdm;
    public ConfidentialityLabel Label { get; init; } = ConfidentialityLabel.Confidential;
    public RecordingSource? Source { get; init; }

    public Problem? Check() => CheckTitle(Title) ?? CheckRecordedAt(RecordedAt) ?? PersonRequest.Check(People);

    public static Problem? CheckTitle(string title) =>
        string.IsNullOrWhiteSpace(title) || title.Length > LongestTitle || title.Any(char.IsControl)
            ? Problem.Invalid("title", "give a title of 1 to 300 characters, without line breaks or other control characters.") : null;

    public static Problem? CheckRecordedAt(DateTimeOffset? at) =>
        at is { Year: < 1970 or > 9000 } ? Problem.Invalid("recordedAt", "give a time such as 2026-11-22T09:30:00Z.") : null;
}

/// <summary>A recording that is to be made: its id and its key, whose key object is in the store already.</summary>
internal sealed record RecordingSeed(Guid Id, OwnerKey Key) : IDisposable
{
    public void Dispose() => Key.Dispose();
}

/// <summary>Makes a recording: first its key, then its row and people, and the event, in the caller's transaction.</summary>
internal sealed class RecordingCreation(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    /// <summary>
    /// Before the transaction: a put waits for the disk, and a transaction that waits holds up every other writer. A process that is killed before
    /// the commit leaves one key object of 176 bytes behind: the wrap of a key that sealed nothing which was kept. It opens nothing, no reader
    /// looks where there is no manifest, and a sweep deletes it a day later.
    /// </summary>
    public async Task<RecordingSeed> PrepareAsync(CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        return new RecordingSeed(id, await keys.NewRecordingKeyAsync(id, cancellationToken));
    }

    /// <summary>What was prepared is not made after all: its key object goes.</summary>
    public async Task ForgetAsync(RecordingSeed seed, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await keys.ForgetRecordingKeyAsync(seed.Id, cancellationToken);
        await keys.DeleteRecordingKeyObjectsAsync(seed.Id, cancellationToken);
    }

    /// <summary>Adds the recording to the running transaction; the caller saves and commits.</summary>
    public async Task<Recording> AddAsync(RecordingSeed seed, NewRecording wanted, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        var (id, key) = seed;
        var now = time.Now();
        var recording = new Recording
        {
            TenantId = db.TenantId,
            Id = id,
            Title = SealedText.Seal(key, db.TenantId, id, Recording.TitleColumn, wanted.Title.Trim()),
            CreatedAt = now,
            RecordedAt = wanted.RecordedAt?.ToUniversalTime(),
            UsageTag = wanted.UsageTag,
            Label = wanted.Label,
            Source = wanted.Source,
            CreatedBy = memberId,
        };
        db.Recordings.Add(recording);
        AddPeople(recording.Id, key, wanted.People);
        await audit.AppendAsync(new AuditEntry("recording.created", actor, AuditTargetKind.Recording, id), cancellationToken);
        return recording;
    }

    /// <returns>Their ids, in the order in which they were given.</returns>
    public IReadOnlyList<Guid> AddPeople(Guid recordingId, OwnerKey key, IReadOnlyList<PersonRequest?> people, Func<PersonRequest, ParticipantSource>? source = null)
    {
        var now = time.Now();
        var ids = new List<Guid>(people.Count);
        foreach (var (place, person) in people.OfType<PersonRequest>().Index())
        {
            // They are listed by their ids, and should stand as they were entered: ids of one millisecond stand anyhow.
            var id = Guid.CreateVersion7(now.AddMilliseconds(place));
            db.Participants.Add(new Participant
            {
                TenantId = db.TenantId,
                Id = id,
                RecordingId = recordingId,
                Name = SealedText.Seal(key, db.TenantId, id, Participant.NameColumn, person.Name!.Trim()),
                Email = person.Email is { Length: > 0 } email ? SealedText.Seal(key, db.TenantId, id, Participant.EmailColumn, email.Trim()) : null,
                Source = source?.Invoke(person) ?? ParticipantSource.Typed,
            });
            ids.Add(id);
        }

        return ids;
    }
}
