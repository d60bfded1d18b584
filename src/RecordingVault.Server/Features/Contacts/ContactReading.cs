using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Contacts;

/// <param name="People">How often the person is named in recordings.</param>
internal sealed record ContactResponse(Guid Id, string Name, string? Email, DateTimeOffset CreatedAt, int People);

/// <param name="Recordings">Where the person is named, the newest first; more by its cursor.</param>
internal sealed record ContactDetailResponse(Guid Id, string Name, string? Email, string? Note, DateTimeOffset CreatedAt, int People, PageResponse<ContactRecordingResponse> Recordings);

/// <param name="Name">As this recording names him.</param>
/// <param name="Consents">By purpose, what counts now: unknown where nothing is on record.</param>
internal sealed record ContactRecordingResponse(
    Guid Recording, string Title, DateTimeOffset RecordedAt, DateTimeOffset? TrashedAt, Guid Participant, string Name, string? Email, IReadOnlyDictionary<string, string> Consents);

/// <summary>Somebody who is named in a recording, with what is needed to show him.</summary>
internal sealed record NamedPerson
{
    public required Participant Person { get; init; }
    public required Recording Recording { get; init; }
}

/// <summary>Opens contacts for their readers: whoever sees recordings sees who is in them, and nobody else asks here.</summary>
internal sealed class ContactReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string List = "contacts";

    /// <summary>A page, the newest first; null when the cursor is none of this list.</summary>
    public async Task<PageResponse<ContactResponse>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Contacts.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ContactResponse>(await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(List, db.TenantId, rows[limit - 1].Place()) : null);
    }

    /// <summary>In the order given.</summary>
    public async Task<IReadOnlyList<ContactResponse>> OpenAsync(IReadOnlyList<Contact> contacts, CancellationToken cancellationToken)
    {
        var ids = contacts.Select(contact => contact.Id).ToList();
        var counts = await db.ContactPeople.AsNoTracking().Where(link => ids.Contains(link.ContactId)).GroupBy(link => link.ContactId).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        await keys.OpenContactKeysAsync(ids, cancellationToken);
        var opened = new List<ContactResponse>(contacts.Count);
        foreach (var contact in contacts)
        {
            try
            {
                using var key = await keys.ContactKeyAsync(contact.Id, cancellationToken);
                opened.Add(new ContactResponse(
                    contact.Id, contact.Name.Open(key, contact.TenantId, contact.Id, Contact.NameColumn), contact.Email?.Open(key, contact.TenantId, contact.Id, Contact.EmailColumn), contact.CreatedAt,
                    counts.GetValueOrDefault(contact.Id)));
            }
            catch (KeyDestroyedException)
            {
                // Deleted since it was listed.
            }
        }

        return opened;
    }

    /// <summary>One contact with a page of its recordings. No contact where there is none such, no page where the cursor is none of its list.</summary>
    public async Task<(ContactResponse? Contact, ContactDetailResponse? Detail)> FindAsync(Guid id, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (await db.Contacts.AsNoTracking().SingleOrDefaultAsync(contact => contact.Id == id, cancellationToken) is not { } row || await OpenAsync([row], cancellationToken) is not [var contact])
            return (null, null);
        if (await RecordingsAsync(id, limit, cursor, cancellationToken) is not { } page)
            return (contact, null);
        using var key = await keys.ContactKeyAsync(id, cancellationToken);
        return (contact, new ContactDetailResponse(id, contact.Name, contact.Email, row.Note?.Open(key, row.TenantId, id, Contact.NoteColumn), row.CreatedAt, contact.People, page));
    }

    /// <summary>Who is named in recordings that are there, of a set of people.</summary>
    public IQueryable<NamedPerson> Named(IQueryable<Participant> people) =>
        people.Join(db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && recording.MergedInto == null), person => person.RecordingId, recording => recording.Id, (person, recording) => new NamedPerson { Person = person, Recording = recording });

    /// <summary>What each of them said in his recording, in the order given.</summary>
    public async Task<IReadOnlyList<ContactRecordingResponse>> OpenPeopleAsync(IReadOnlyList<NamedPerson> named, CancellationToken cancellationToken)
    {
        var (people, recordings) = (named.Select(one => one.Person.Id).ToList(), named.Select(one => one.Recording.Id).Distinct().ToList());
        var states = (await db.ConsentStates.AsNoTracking().Where(state => recordings.Contains(state.RecordingId) && people.Contains(state.ParticipantId)).ToListAsync(cancellationToken))
            .ToDictionary(state => (state.ParticipantId, state.Purpose), state => state.Status);
        await keys.OpenRecordingKeysAsync(recordings, cancellationToken);
        var opened = new List<ContactRecordingResponse>(named.Count);
        foreach (var (person, recording) in named.Select(one => (one.Person, one.Recording)))
        {
            try
            {
                using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
                opened.Add(new ContactRecordingResponse(
                    recording.Id,
                    recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn),
                    recording.RecordedAt ?? recording.CreatedAt,
                    recording.TrashedAt,
                    person.Id,
                    person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
                    person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn),
                    ConsentWords.Recorded.ToDictionary(
                        purpose => purpose.Name(), purpose => states.TryGetValue((person.Id, purpose), out var status) ? ConsentWords.Name(status) : ConsentReading.Unknown, StringComparer.Ordinal)));
            }
            catch (KeyDestroyedException)
            {
                // Destroyed since it was listed.
            }
        }

        return opened;
    }

    private async Task<PageResponse<ContactRecordingResponse>?> RecordingsAsync(Guid id, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = $"contacts/{id}";
        var query = Named(db.Participants.AsNoTracking().Where(person => db.ContactPeople.Any(link => link.ParticipantId == person.Id && link.ContactId == id)));
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(list, db.TenantId, cursor, out var after))
                return null;
            query = query.Where(one => one.Recording.CreatedAt < after.Time || (one.Recording.CreatedAt == after.Time && one.Person.Id.CompareTo(after.Id) < 0));
        }

        var rows = await query.OrderByDescending(one => one.Recording.CreatedAt).ThenByDescending(one => one.Person.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var next = rows.Count > limit ? cursors.Write(list, db.TenantId, new PagePlace(rows[limit - 1].Recording.CreatedAt, rows[limit - 1].Person.Id)) : null;
        return new PageResponse<ContactRecordingResponse>(await OpenPeopleAsync([.. rows.Take(limit)], cancellationToken), next);
    }
}
