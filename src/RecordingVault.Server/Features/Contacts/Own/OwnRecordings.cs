using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>Where the owner of an address is named.</summary>
/// <param name="Name">As a contact, or a recording, names him.</param>
/// <param name="Email">As it is written there: letters go to it, and not to what a stranger typed.</param>
/// <param name="Recordings">The newest first.</param>
/// <param name="IsCut">There are, or may be, more than a page takes.</param>
internal sealed record FoundOwn(string Name, string Email, IReadOnlyList<OwnRecording> Recordings, bool IsCut);

/// <param name="RecordedBy">Who added it; null where that account is gone.</param>
/// <param name="WasAsked">A question told him the title: only then is it told again.</param>
internal sealed record OwnRecording(ContactRecordingResponse Recording, string? RecordedBy, bool WasAsked);

/// <summary>Finds, for the owner of an address, in which recordings he is: by contacts with the address, and by the newest people of no contact who have it.</summary>
internal sealed class OwnRecordings(VaultDbContext db, TenantKeys keys, ContactReading reading, LookAlikes alike, MemberDirectory members)
{
    private const int MostShown = 500;

    /// <param name="digest">Of the address.</param>
    /// <returns>Null where nobody is known by it.</returns>
    public async Task<FoundOwn?> FindAsync(byte[] digest, CancellationToken cancellationToken)
    {
        var contacts = await db.Contacts.AsNoTracking().Where(contact => contact.EmailDigest == digest).OrderBy(contact => contact.CreatedAt).Take(100).ToListAsync(cancellationToken);
        var known = await reading.OpenAsync(contacts, cancellationToken);
        var ids = known.Select(contact => contact.Id).ToList();
        var rows = await reading.Named(db.Participants.AsNoTracking().Where(person => db.ContactPeople.Any(link => link.ParticipantId == person.Id && ids.Contains(link.ContactId))))
            .OrderByDescending(one => one.Recording.CreatedAt).ThenByDescending(one => one.Person.Id).Take(MostShown + 1).ToListAsync(cancellationToken);
        List<ContactRecordingResponse> people = [.. await reading.OpenPeopleAsync([.. rows.Take(MostShown)], cancellationToken)];
        var (lone, back) = await alike.LoneAsync(cancellationToken);
        using (var key = await keys.DataKeyAsync(cancellationToken))
            people.AddRange(lone.Where(person => person.Email is { Length: > 0 } email && Contact.DigestOf(key, email).AsSpan().SequenceEqual(digest)));
        if (known.Count == 0 && people.Count == 0)
            return null;
        var (name, address) = known.Count > 0 ? (known[0].Name, known[0].Email!) : (people[0].Name, people[0].Email!);
        return new FoundOwn(name, address, await WithMakersAsync([.. people.OrderByDescending(person => person.RecordedAt)], cancellationToken), rows.Count > MostShown || back is not null);
    }

    private async Task<IReadOnlyList<OwnRecording>> WithMakersAsync(IReadOnlyList<ContactRecordingResponse> people, CancellationToken cancellationToken)
    {
        var (recordings, participants) = (people.Select(person => person.Recording).Distinct().ToList(), people.Select(person => person.Participant).ToList());
        var makers = await db.Recordings.AsNoTracking().Where(recording => recordings.Contains(recording.Id)).ToDictionaryAsync(recording => recording.Id, recording => recording.CreatedBy, cancellationToken);
        var accounts = makers.Values.Distinct().ToList();
        var names = (await db.Users.AsNoTracking().Where(member => accounts.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        var asked = await db.ConsentRequests.AsNoTracking().Where(request => participants.Contains(request.ParticipantId)).Select(request => request.ParticipantId).Distinct().ToHashSetAsync(cancellationToken);
        return [.. people.Where(person => makers.ContainsKey(person.Recording)).Select(person => new OwnRecording(person, names.GetValueOrDefault(makers[person.Recording]), asked.Contains(person.Participant)))];
    }
}
