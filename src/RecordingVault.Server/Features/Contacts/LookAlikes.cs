using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>People of one name or one address, who may be one person.</summary>
/// <param name="Contact">One that is there already; null where there is none.</param>
/// <param name="People">Those of no contact, the newest first.</param>
internal sealed record LooksLikeOne(ContactResponse? Contact, IReadOnlyList<ContactRecordingResponse> People);

/// <param name="Others">Those of no contact who look like nobody else.</param>
/// <param name="SearchedBackTo">How far back was looked, where there are more people or contacts than one request opens.</param>
internal sealed record FoundLookAlikes(IReadOnlyList<LooksLikeOne> Items, IReadOnlyList<ContactRecordingResponse> Others, DateTimeOffset? SearchedBackTo);

/// <summary>
/// Finds who looks like one person. It compares the newest people of no contact with one another and with the newest contacts, 1,000 of each a request, and puts nobody together.
/// </summary>
internal sealed class LookAlikes(VaultDbContext db, ContactReading reading, ContactNames names)
{
    private const int MostOpened = 1_000;
    private const int MostGroups = 20;
    private const int MostOthers = 50;

    public async Task<FoundLookAlikes> FindAsync(CancellationToken cancellationToken)
    {
        var (people, back) = await LoneAsync(cancellationToken);
        var heads = await db.Contacts.AsNoTracking().NewestFirst().Take(MostOpened).Select(contact => new ContactHead(contact.Id, contact.CreatedAt, contact.Version)).ToListAsync(cancellationToken);
        if (heads.Count == MostOpened && (back is null || heads[^1].CreatedAt > back))
            back = heads[^1].CreatedAt;
        var (words, _) = await names.OfAsync(heads, cancellationToken);
        var groups = Groups(people, [.. heads.Where(head => words.ContainsKey(head.Id)).Select(head => (head.Id, words[head.Id]))]);
        var alike = groups.Where(group => group.People.Count > 0 && group.People.Count + group.Contacts.Count > 1).Take(MostGroups).ToList();
        var first = alike.SelectMany(group => group.Contacts.Take(1)).ToList();
        var contacts = (await reading.OpenAsync(await db.Contacts.AsNoTracking().Where(contact => first.Contains(contact.Id)).ToListAsync(cancellationToken), cancellationToken)).ToDictionary(contact => contact.Id);
        return new FoundLookAlikes(
            [.. alike.Select(group => new LooksLikeOne(group.Contacts.Count > 0 ? contacts.GetValueOrDefault(group.Contacts[0]) : null, group.People))],
            [.. groups.Where(group => group.People.Count == 1 && group.Contacts.Count == 0).Take(MostOthers).Select(group => group.People[0])],
            back);
    }

    /// <summary>Of no contact, who looks like this one.</summary>
    public async Task<IReadOnlyList<ContactRecordingResponse>> OfAsync(Guid contactId, CancellationToken cancellationToken)
    {
        if (await db.Contacts.AsNoTracking().Where(contact => contact.Id == contactId).Select(contact => new ContactHead(contact.Id, contact.CreatedAt, contact.Version)).SingleOrDefaultAsync(cancellationToken) is not { } head)
            return [];
        var (words, _) = await names.OfAsync([head], cancellationToken);
        if (!words.TryGetValue(contactId, out var text))
            return [];
        var (people, _) = await LoneAsync(cancellationToken);
        return Groups(people, [(contactId, text)]).Find(group => group.Contacts.Count > 0)?.People ?? [];
    }

    /// <summary>People of no contact in recordings that are not in the trash, and how far back that goes where there are more.</summary>
    public async Task<(IReadOnlyList<ContactRecordingResponse> People, DateTimeOffset? Back)> LoneAsync(CancellationToken cancellationToken)
    {
        var rows = await reading.Named(db.Participants.AsNoTracking().Where(person => !db.ContactPeople.Any(link => link.ParticipantId == person.Id)))
            .Where(one => one.Recording.TrashedAt == null)
            .OrderByDescending(one => one.Recording.CreatedAt).ThenByDescending(one => one.Person.Id).Take(MostOpened + 1).ToListAsync(cancellationToken);
        var opened = await reading.OpenPeopleAsync([.. rows.Take(MostOpened)], cancellationToken);
        return (opened, rows.Count > MostOpened ? rows[MostOpened - 1].Recording.CreatedAt : null);
    }

    /// <summary>Joins what has one name or one address, and what is joined with that; in the order in which the first of each stands.</summary>
    private static List<Group> Groups(IReadOnlyList<ContactRecordingResponse> people, IReadOnlyList<(Guid Id, string Words)> contacts)
    {
        var parents = Enumerable.Range(0, people.Count + contacts.Count).ToArray();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < people.Count; place++)
            Join(place, ContactWords.Name(people[place].Name), ContactWords.Mail(people[place].Email));
        for (var place = 0; place < contacts.Count; place++)
        {
            var parts = contacts[place].Words.Split('\n');
            Join(people.Count + place, parts[0], parts[1]);
        }

        var groups = new Dictionary<int, Group>();
        for (var place = 0; place < parents.Length; place++)
        {
            var root = Root(place);
            if (!groups.TryGetValue(root, out var group))
                groups[root] = group = new Group([], []);
            if (place < people.Count)
                group.People.Add(people[place]);
            else
                group.Contacts.Add(contacts[place - people.Count].Id);
        }

        return [.. groups.Values];

        void Join(int place, string name, string mail)
        {
            Tie("n" + name, place);
            if (mail.Length > 0)
                Tie("m" + mail, place);
        }

        void Tie(string word, int place)
        {
            if (seen.TryAdd(word, place))
                return;
            var (one, two) = (Root(seen[word]), Root(place));
            parents[Math.Max(one, two)] = Math.Min(one, two);
        }

        int Root(int place)
        {
            while (parents[place] != place)
                place = parents[place] = parents[parents[place]];
            return place;
        }
    }

    private sealed record Group(List<ContactRecordingResponse> People, List<Guid> Contacts);
}
