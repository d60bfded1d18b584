using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <param name="NextCursor">Where to go on; null at the end.</param>
/// <param name="SearchedBackTo">How far back was looked, where the request's share of work ended before the list did.</param>
internal sealed record FoundRecordings(IReadOnlyList<RecordingResponse> Items, string? NextCursor, DateTimeOffset? SearchedBackTo)
{
    /// <summary>Those that titles and people alone would not have found.</summary>
    public IReadOnlyList<Guid> FoundInText { get; init; } = [];
}

/// <summary>
/// Looks through titles, people and what was said and written, newest recording first. Words that the index does not hold are opened, up to a limit a request: past it
/// the answer says so and the next request goes on from there.
/// </summary>
internal sealed class RecordingSearch(VaultDbContext db, FoldedNames names, SaidWords said, SearchLimits limits, LibraryRows rows, RecordingReading reading, Cursors cursors, TimeProvider time)
{
    private const string List = "found";
    private const int PageLength = 200;

    /// <summary>Null when the cursor is not one of a search in this tenant.</summary>
    public async Task<FoundRecordings?> FindAsync(SearchReader reader, SearchWords words, LibraryFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        PagePlace? place = null;
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            place = after;
        }

        var (found, inText, opened, fetched, began) = (new List<Guid>(), new List<Guid>(), 0, 0, time.GetTimestamp());
        var (member, readsTexts, seesRestricted) = reader;
        while (true)
        {
            var kept = rows.Kept(filter);
            var heads = await (place is { } behind ? kept.Behind(behind) : kept).NewestFirst().Take(PageLength)
                .Select(recording => new WordsHead(
                    recording.Id, recording.CreatedAt, recording.Version,
                    readsTexts && (recording.Label != ConfidentialityLabel.Restricted || seesRestricted || recording.CreatedBy == member))).ToListAsync(cancellationToken);
            var (known, fresh) = await names.OfAsync(heads, cancellationToken);
            var held = await said.HeldByAsync(heads, cancellationToken);
            opened += fresh;
            foreach (var head in heads)
            {
                if (found.Count == limit)
                    return await AnswerAsync(found, inText, place, searchedBackTo: null, cancellationToken);
                if (known.TryGetValue(head.Id, out var text))
                {
                    IReadOnlyCollection<Guid> objects = head.MayReadTexts ? [.. held[head.Id]] : [];
                    var spoken = words.StandIn(text) || objects.Count == 0 ? "" : said.Find(head, objects);
                    if (spoken is null)
                    {
                        // The share of work is used up before this one is looked at: the next request begins with it.
                        if (fetched == limits.SaidOpenedAtOnce || (fetched > 0 && time.GetElapsedTime(began) > limits.Longest))
                            return await AnswerAsync(found, inText, place, place?.Time, cancellationToken);
                        fetched++;
                        spoken = await said.OpenAsync(head, objects, cancellationToken) ?? "";
                    }

                    if (words.StandIn(text, spoken))
                    {
                        found.Add(head.Id);
                        if (spoken.Length > 0)
                            inText.Add(head.Id);
                    }
                }

                place = new PagePlace(head.CreatedAt, head.Id);
            }

            if (heads.Count < PageLength)
                return await AnswerAsync(found, inText, null, searchedBackTo: null, cancellationToken);
            if (opened >= limits.OpenedAtOnce)
                return await AnswerAsync(found, inText, place, place?.Time, cancellationToken);
        }
    }

    private async Task<FoundRecordings> AnswerAsync(List<Guid> found, List<Guid> inText, PagePlace? next, DateTimeOffset? searchedBackTo, CancellationToken cancellationToken)
    {
        var recordings = await db.Recordings.AsNoTracking().Where(recording => found.Contains(recording.Id) && !recording.IsBeingDestroyed).NewestFirst().ToListAsync(cancellationToken);
        var items = await reading.OpenAsync(recordings, cancellationToken);
        return new FoundRecordings(items, next is { } place ? cursors.Write(List, db.TenantId, place) : null, searchedBackTo) { FoundInText = inText };
    }
}
