using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>A recording, and the version of its row that words are kept under.</summary>
/// <param name="MayReadTexts">Whether whoever asks may look into its captions, transcripts and chats.</param>
internal sealed record WordsHead(Guid Id, DateTimeOffset CreatedAt, int Version, bool MayReadTexts);

/// <summary>Titles and people of recordings, folded: from the index, or opened and given to it, each under the version of the row that they stand in.</summary>
internal sealed class FoldedNames(VaultDbContext db, TenantKeys keys, SearchIndex index)
{
    private const int OpenedTogether = 500;

    /// <returns>The names, and how many of them were not in the index.</returns>
    public async Task<(IReadOnlyDictionary<Guid, string> Names, int Opened)> OfAsync(IReadOnlyCollection<WordsHead> heads, CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string>(heads.Count);
        var closed = new List<Guid>();
        foreach (var head in heads)
        {
            if (index.Find(db.TenantId, head.Id, head.Version) is { } known)
                names[head.Id] = known;
            else
                closed.Add(head.Id);
        }

        foreach (var some in closed.Chunk(OpenedTogether))
            await OpenAsync([.. some], names, cancellationToken);
        return (names, closed.Count);
    }

    /// <summary>The title alone, of what <see cref="OfAsync"/> answered.</summary>
    public static ReadOnlySpan<char> Title(string names) => names.AsSpan(0, names.IndexOf('\n', StringComparison.Ordinal));

    private async Task OpenAsync(List<Guid> ids, Dictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id))
            .Select(recording => new { recording.Id, recording.Version, recording.Title }).ToListAsync(cancellationToken);
        var people = (await db.Participants.AsNoTracking().Where(person => ids.Contains(person.RecordingId)).ToListAsync(cancellationToken)).ToLookup(person => person.RecordingId);
        await keys.OpenRecordingKeysAsync(ids, cancellationToken);
        foreach (var recording in recordings)
        {
            if (await TryKeyAsync(recording.Id, cancellationToken) is not { } kept)
                continue;
            using var key = kept;
            var title = SearchWords.Fold(recording.Title.Open(key, db.TenantId, recording.Id, Recording.TitleColumn));
            var others = new List<string>();
            foreach (var person in people[recording.Id])
            {
                others.Add(person.Name.Open(key, db.TenantId, person.Id, Participant.NameColumn));
                if (person.Email is { } email)
                    others.Add(email.Open(key, db.TenantId, person.Id, Participant.EmailColumn));
            }

            // Folding leaves no line break, so the first one ends the title.
            names[recording.Id] = $"{title}\n{SearchWords.Fold(string.Join(' ', others))}";
            index.Keep(db.TenantId, recording.Id, recording.Version, names[recording.Id]);
        }
    }

    /// <summary>Null for what was destroyed since it was listed.</summary>
    private async Task<OwnerKey?> TryKeyAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.RecordingKeyAsync(recordingId, cancellationToken);
        }
        catch (KeyDestroyedException)
        {
            return null;
        }
    }
}
