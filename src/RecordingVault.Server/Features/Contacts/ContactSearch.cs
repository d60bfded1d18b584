using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Contacts;

/// <param name="SearchedBackTo">How far back was looked, where the request's share of work ended before the list did.</param>
internal sealed record FoundContacts(IReadOnlyList<ContactResponse> Items, string? NextCursor, DateTimeOffset? SearchedBackTo);

/// <summary>Looks through names and addresses of contacts, the newest first, up to the limit that a search of recordings has.</summary>
internal sealed class ContactSearch(VaultDbContext db, ContactNames names, ContactReading reading, SearchLimits limits, Cursors cursors)
{
    private const string List = "contacts/found";
    private const int PageLength = 200;

    /// <summary>Null when the cursor is none of a search in this tenant.</summary>
    public async Task<FoundContacts?> FindAsync(SearchWords words, int limit, string? cursor, CancellationToken cancellationToken)
    {
        PagePlace? place = null;
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            place = after;
        }

        var (found, opened) = (new List<Guid>(), 0);
        while (true)
        {
            var rows = db.Contacts.AsNoTracking();
            var heads = await (place is { } behind ? rows.Behind(behind) : rows).NewestFirst().Take(PageLength)
                .Select(contact => new ContactHead(contact.Id, contact.CreatedAt, contact.Version)).ToListAsync(cancellationToken);
            var (known, fresh) = await names.OfAsync(heads, cancellationToken);
            opened += fresh;
            foreach (var head in heads)
            {
                if (found.Count == limit)
                    return await AnswerAsync(found, place, searchedBackTo: null, cancellationToken);
                if (known.TryGetValue(head.Id, out var text) && words.StandIn(text))
                    found.Add(head.Id);
                place = new PagePlace(head.CreatedAt, head.Id);
            }

            if (heads.Count < PageLength)
                return await AnswerAsync(found, next: null, searchedBackTo: null, cancellationToken);
            if (opened >= limits.OpenedAtOnce)
                return await AnswerAsync(found, place, place?.Time, cancellationToken);
        }
    }

    private async Task<FoundContacts> AnswerAsync(List<Guid> found, PagePlace? next, DateTimeOffset? searchedBackTo, CancellationToken cancellationToken)
    {
        var rows = await db.Contacts.AsNoTracking().Where(contact => found.Contains(contact.Id)).NewestFirst().ToListAsync(cancellationToken);
        return new FoundContacts(await reading.OpenAsync(rows, cancellationToken), next is { } place ? cursors.Write(List, db.TenantId, place) : null, searchedBackTo);
    }
}
