using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Writes the recording's card: what `recover` needs beside content when the database is lost. The row is the truth and counts its changes;
/// the card carries that count, so the newest card is the one of the newest row, and a card that is missing shows as due.
/// </summary>
internal sealed class WriteCardJob(VaultDbContext db, TenantKeys keys, SealedStore store, IRecordingKeeping keeping, AuditLog audit) : ITenantJob
{
    public static string Name => "write-card";

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed, cancellationToken) is not { } recording || recording.CardVersion >= recording.Version)
            return;
        // The date follows the row as the card does, and stands on it.
        var kept = await keeping.ReckonAsync(subjectId, cancellationToken);
        var people = await db.Participants.AsNoTracking().Where(person => person.RecordingId == subjectId).OrderBy(person => person.Id).ToListAsync(cancellationToken);
        using (var key = await keys.RecordingKeyAsync(subjectId, cancellationToken))
        {
            var card = new Card
            {
                TenantId = recording.TenantId,
                RecordingId = recording.Id,
                Title = recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn),
                RecordedAt = recording.RecordedAt,
                People = [.. people.Select(person => new CardPerson(
                    person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
                    person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn)))],
                UsageTag = recording.UsageTag.Name,
                Label = recording.Label.Name(),
                HoldSet = kept.IsHeld,
                RetentionDate = kept.DisposeAt is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null,
            };
            // The row counts from 0, cards from 1.
            await store.PutCardAsync(key, card, recording.Version + 1, cancellationToken);
        }

        // First the old words, then the row that says that nothing is due: killed in between, the sweep comes again.
        await DeleteOlderAsync(recording, cancellationToken);
        await NoteAsync(recording, kept, cancellationToken);
    }

    /// <summary>Behind the turn: a date that was reckoned anew while the card was put is not on it, and the card stays due.</summary>
    private async Task NoteAsync(Recording recording, KeepingOnCard told, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await keeping.OnCardAsync(recording.Id, cancellationToken) != told)
            return;
        await db.Recordings.Where(row => row.Id == recording.Id && (row.CardVersion == null || row.CardVersion < recording.Version))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CardVersion, recording.Version), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// An older card holds words that were changed since: nobody needs it any more. What stays is the card that a reader without the database
    /// takes, the one of the highest number and then of the highest id; so of two runs at once neither deletes what the other leaves.
    /// </summary>
    private async Task DeleteOlderAsync(Recording recording, CancellationToken cancellationToken)
    {
        var cards = new List<StoredObjectName>();
        await foreach (var found in store.ListRecordingAsync(recording.TenantId, recording.Id, cancellationToken))
        {
            if (found.Role == ObjectRole.Card)
                cards.Add(found);
        }

        foreach (var older in cards.OrderBy(card => card.Sequence).ThenBy(card => card.ObjectId).SkipLast(1))
            await store.DeleteAsync(older, cancellationToken);
    }
}
