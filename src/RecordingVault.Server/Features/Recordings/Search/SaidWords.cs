using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>Where the sealed words of captions, transcripts and chats come from; processing makes and opens them.</summary>
internal interface IStoredWords
{
    /// <summary>The words, folded; null where nothing of the recording can be read.</summary>
    Task<string?> OpenAsync(Guid recordingId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken);
}

/// <summary>What was said and written in recordings, folded: from the index, or opened from the store, a few a request.</summary>
internal sealed class SaidWords(VaultDbContext db, SearchIndex index, IStoredWords store)
{
    /// <summary>Which of these recordings have words, by the objects that hold them: one query, nothing is opened.</summary>
    public async Task<ILookup<Guid, Guid>> HeldByAsync(IReadOnlyCollection<WordsHead> heads, CancellationToken cancellationToken)
    {
        var ids = heads.Select(head => head.Id).ToList();
        var held = await db.RecordingAssets.AsNoTracking().Where(asset => ids.Contains(asset.RecordingId) && asset.Role == ObjectRole.SearchWords)
            .Select(asset => new { asset.RecordingId, asset.Id }).ToListAsync(cancellationToken);
        return held.ToLookup(asset => asset.RecordingId, asset => asset.Id);
    }

    /// <summary>The words where the index holds them all.</summary>
    public string? Find(WordsHead head, IEnumerable<Guid> objects) => index.FindSaid(db.TenantId, head.Id, SearchIndex.StampOf(objects));

    public async Task<string?> OpenAsync(WordsHead head, IReadOnlyCollection<Guid> objects, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(head.Id, objects, cancellationToken) is not { } words)
            return null;
        index.KeepSaid(db.TenantId, head.Id, SearchIndex.StampOf(objects), head.CreatedAt, words);
        // Whoever destroys marks the row first and drops the words then: if the mark came while they were opened, the dropping may be past.
        if (await db.Recordings.AsNoTracking().AnyAsync(recording => recording.Id == head.Id && !recording.IsBeingDestroyed, cancellationToken))
            return words;
        index.Drop(db.TenantId, head.Id);
        return null;
    }
}
