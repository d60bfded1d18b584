using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <param name="Consents">By purpose, what counts now: unknown where nothing is on record.</param>
/// <param name="Source">How we know that he was there.</param>
internal sealed record PersonResponse(Guid Id, string Name, string? Email, IReadOnlyDictionary<string, string> Consents, string Source);

/// <param name="RecordedBy">Who wrote it down: a member, a token, or the vault itself where it was carried along.</param>
/// <param name="At">When the person said it.</param>
/// <param name="RecordedAt">When it was written down.</param>
/// <param name="RecordingSha256">Of the original's content, lower-case hex; null where it was not computed yet.</param>
/// <param name="Replaces">The record of the same person and purpose that counted before.</param>
internal sealed record ConsentResponse(
    Guid Id, Guid Participant, string Purpose, string Status, string Method, string? LawfulBasis, DateTimeOffset At, DateTimeOffset RecordedAt, ConsentRecorder RecordedBy, double? Seconds, double? UntilSeconds,
    string? Note, string? TextVersion, string? Language, string? RecordingSha256, Guid? Replaces);

/// <param name="Kind">member, token or system.</param>
internal sealed record ConsentRecorder(string Kind, Guid? Id);

/// <summary>Opens what the ledger holds of one recording, for its readers.</summary>
internal sealed class ConsentReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    public const string Unknown = "unknown";

    public Task<bool> IsThereAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken);

    /// <summary>In the order in which they were entered: 500 at most, whatever else there is.</summary>
    public async Task<IReadOnlyList<PersonResponse>> PeopleAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var people = await db.Participants.AsNoTracking().Where(person => person.RecordingId == recordingId).OrderBy(person => person.Id).ToListAsync(cancellationToken);
        if (people.Count == 0)
            return [];
        var states = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId).ToListAsync(cancellationToken)).ToDictionary(state => (state.ParticipantId, state.Purpose), state => state.Status);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        return [.. people.Select(person => new PersonResponse(
            person.Id,
            person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
            person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn),
            ConsentWords.Recorded.ToDictionary(
                purpose => purpose.Name(), purpose => states.TryGetValue((person.Id, purpose), out var status) ? ConsentWords.Name(status) : Unknown, StringComparer.Ordinal),
            ConsentWords.Name(person.Source)))];
    }

    /// <summary>A page of the records of a recording, or of one of its people, newest first; null when the cursor is none of that list.</summary>
    public async Task<PageResponse<ConsentResponse>?> PageAsync(Guid recordingId, Guid? participant, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = $"consents/{recordingId}/{participant}";
        var query = db.ConsentRecords.AsNoTracking().Where(record => record.RecordingId == recordingId);
        if (participant is { } person)
            query = query.Where(record => record.ParticipantId == person);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryReadValue(list, db.TenantId, cursor, out var after))
                return null;
            query = query.Where(record => record.Number < after.Value);
        }

        var rows = await query.OrderByDescending(record => record.Number).Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ConsentResponse>(
            await OpenAsync(recordingId, [.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.WriteValue(list, db.TenantId, (rows[limit - 1].Number, rows[limit - 1].Id)) : null);
    }

    public async Task<IReadOnlyList<ConsentResponse>> OpenAsync(Guid recordingId, IReadOnlyList<ConsentRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
            return [];
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        return [.. records.Select(record => new ConsentResponse(
            record.Id, record.ParticipantId, record.Purpose.Name(), ConsentWords.Name(record.Status), ConsentWords.Name(record.Method), record.LawfulBasis is { } basis ? ConsentWords.Name(basis) : null,
            record.SaidAt, record.CreatedAt, new ConsentRecorder(ConsentWords.Name(record.RecordedByKind), record.RecordedById), record.AtSeconds, record.UntilSeconds,
            record.Note?.Open(key, record.TenantId, record.Id, ConsentRecord.NoteColumn), record.TextVersion, record.Language,
            record.RecordingDigest?.Open(key, record.TenantId, record.Id, ConsentRecord.RecordingDigestColumn), record.Replaces))];
    }
}
