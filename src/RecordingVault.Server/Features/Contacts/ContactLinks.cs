using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>What the slices below must know of contacts: who of a recording belongs to one, and that a merge of recordings brings that along.</summary>
internal sealed class ContactLinks(VaultDbContext db) : IPeopleLinks, ICarriedAlong
{
    public async Task<IReadOnlySet<Guid>> LinkedAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await db.ContactPeople.Where(link => db.Participants.Any(person => person.Id == link.ParticipantId && person.RecordingId == recordingId)).Select(link => link.ParticipantId).ToHashSetAsync(cancellationToken);

    /// <summary>Of one name and address in both, he is of the contact that he was of; who belongs to one there already stays in it.</summary>
    public Task CarryAsync(Guid fromId, Guid toId, IReadOnlyDictionary<Guid, Guid> people, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken) => LinkLikeAsync(fromId, toId, people, cancellationToken);

    public async Task LinkLikeAsync(Guid fromId, Guid toId, IReadOnlyDictionary<Guid, Guid> people, CancellationToken cancellationToken)
    {
        var taken = (await LinkedAsync(toId, cancellationToken)).ToHashSet();
        foreach (var link in await db.ContactPeople.AsNoTracking().Where(link => db.Participants.Any(person => person.Id == link.ParticipantId && person.RecordingId == fromId)).ToListAsync(cancellationToken))
        {
            if (people.TryGetValue(link.ParticipantId, out var there) && taken.Add(there))
                db.ContactPeople.Add(new ContactPerson { TenantId = link.TenantId, ParticipantId = there, ContactId = link.ContactId });
        }
    }
}
