using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Writes the recording's card: what `recover` needs beside content when the database is lost. The row is the truth and counts its changes;
/// the card carries that count, so the newest card is the one of the newest row, and a card that is missing shows as due.
/// </summary>
internal sealed class WriteCardJob(VaultDbContext db, TenantKeys keys, SealedStore store) : ITenantJob
{
    public static string Name => "write-card";

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId, cancellationToken) is not { } recording || recording.CardVersion >= recording.Version)
            return;
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
                UsageTag = recording.UsageTag.Name(),
                Label = recording.Label.Name(),
            };
            // The row counts from 0, cards from 1.
            await store.PutCardAsync(key, card, recording.Version + 1, cancellationToken);
        }

        await db.Recordings.Where(row => row.Id == subjectId && (row.CardVersion == null || row.CardVersion < recording.Version))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CardVersion, recording.Version), cancellationToken);
        await DeleteOlderAsync(recording, cancellationToken);
    }

    /// <summary>An older card holds words that were changed since: nobody needs it any more.</summary>
    private async Task DeleteOlderAsync(Recording recording, CancellationToken cancellationToken)
    {
        await foreach (var found in store.ListRecordingAsync(recording.TenantId, recording.Id, cancellationToken))
        {
            if (found.Role == ObjectRole.Card && found.Sequence <= recording.Version)
                await store.DeleteAsync(found, cancellationToken);
        }
    }
}
