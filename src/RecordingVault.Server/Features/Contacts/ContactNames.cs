using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Search;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>A contact, and the version of its row that its words are kept under.</summary>
internal sealed record ContactHead(Guid Id, DateTimeOffset CreatedAt, int Version);

/// <summary>Names and addresses of contacts, folded, in the index that holds those of recordings: one memory with one limit.</summary>
internal sealed class ContactNames(VaultDbContext db, TenantKeys keys, SearchIndex index)
{
    /// <returns>Name and address of each, with a line break between, and how many were not in the index.</returns>
    public async Task<(IReadOnlyDictionary<Guid, string> Words, int Opened)> OfAsync(IReadOnlyCollection<ContactHead> heads, CancellationToken cancellationToken)
    {
        var words = new Dictionary<Guid, string>(heads.Count);
        var closed = new List<Guid>();
        foreach (var head in heads)
        {
            if (index.Find(db.TenantId, head.Id, head.Version) is { } known)
                words[head.Id] = known;
            else
                closed.Add(head.Id);
        }

        if (closed.Count == 0)
            return (words, 0);
        var rows = await db.Contacts.AsNoTracking().Where(contact => closed.Contains(contact.Id)).ToListAsync(cancellationToken);
        await keys.OpenContactKeysAsync(rows.Select(row => row.Id), cancellationToken);
        foreach (var row in rows)
        {
            try
            {
                using var key = await keys.ContactKeyAsync(row.Id, cancellationToken);
                words[row.Id] = $"{ContactWords.Name(row.Name.Open(key, row.TenantId, row.Id, Contact.NameColumn))}\n{ContactWords.Mail(row.Email?.Open(key, row.TenantId, row.Id, Contact.EmailColumn))}";
                index.Keep(db.TenantId, row.Id, row.Version, words[row.Id]);
            }
            catch (KeyDestroyedException)
            {
                // Deleted since it was listed.
            }
        }

        return (words, closed.Count);
    }
}
