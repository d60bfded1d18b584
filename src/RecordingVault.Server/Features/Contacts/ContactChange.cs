using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>Makes, changes, merges and deletes contacts, each in a transaction with its events. Nothing is put together that nobody chose.</summary>
internal sealed class ContactChange(VaultDbContext db, TenantKeys keys, ContactReading reading, SearchIndex index, IEnumerable<IContactFollowers> followers, IRecordingKeeping keeping, AuditLog audit, TimeProvider time)
{
    public const string Created = "contact.created";
    public const string Changed = "contact.changed";
    public const string Joined = "contact.person-added";
    public const string Left = "contact.person-removed";
    public const string Merged = "contact.merged";
    public const string Deleted = "contact.deleted";

    /// <summary>Puts people together into a new contact.</summary>
    /// <param name="name">Null: as the first of them is named.</param>
    /// <param name="email">Null: the address of the first of them who has one.</param>
    /// <returns>The contact's id; null when none was made, with the reason.</returns>
    public async Task<(Guid? Id, Problem? Problem)> CreateAsync(string? name, string? email, string? note, IReadOnlyList<Guid>? people, Actor actor, CancellationToken cancellationToken)
    {
        if (ContactProblems.CheckPeople(people) is { } wrong)
            return (null, wrong);
        var named = await reading.Named(db.Participants.AsNoTracking().Where(person => people!.Contains(person.Id))).ToListAsync(cancellationToken);
        var opened = (await reading.OpenPeopleAsync(named, cancellationToken)).OrderBy(person => people!.ToList().IndexOf(person.Participant)).ToList();
        if (opened.Count < people!.Count)
            return (null, ContactProblems.NobodyOfThisId);
        name = string.IsNullOrWhiteSpace(name) ? opened[0].Name : name;
        email ??= opened.Find(person => person.Email is { Length: > 0 })?.Email;
        if (ContactProblems.CheckWords(name, email, note) is { } unfit)
            return (null, unfit);

        // Before the transaction, as a recording's is: a put waits for the disk. What a crash leaves of it, the sweep deletes.
        var id = Guid.CreateVersion7();
        using var key = await keys.NewContactKeyAsync(id, cancellationToken);
        if (await AddAsync(id, key, (name, email, note), people, actor, cancellationToken) is not { } refusal)
            return (id, null);
        db.ChangeTracker.Clear();
        await keys.ForgetContactKeyAsync(id, cancellationToken);
        await keys.DeleteContactKeyObjectsAsync(id, cancellationToken);
        return (null, refusal);
    }

    /// <summary>Null means done. What is absent stays as it is; an empty address or note is taken away.</summary>
    public Task<Problem?> ChangeAsync(Guid id, string? name, string? email, string? note, Actor actor, CancellationToken cancellationToken) =>
        ApplyAsync(id, async contact =>
        {
            using var key = await keys.ContactKeyAsync(id, cancellationToken);
            var (oldName, oldEmail) = (contact.Name.Open(key, contact.TenantId, id, Contact.NameColumn), contact.Email?.Open(key, contact.TenantId, id, Contact.EmailColumn));
            if (ContactProblems.CheckWords(name ?? oldName, email ?? oldEmail, note) is { } wrong)
                return wrong;
            await WriteAsync(contact, key, name ?? oldName, email ?? oldEmail, cancellationToken);
            if (note is not null)
                contact.Note = Seal(contact, key, note);
            await TellAsync(Changed, id, actor, cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>Null means done.</summary>
    public Task<Problem?> AddPeopleAsync(Guid id, IReadOnlyList<Guid>? people, Actor actor, CancellationToken cancellationToken) =>
        ApplyAsync(id, async contact => ContactProblems.CheckPeople(people) ?? await LinkAsync(id, people!, actor, cancellationToken), cancellationToken);

    /// <summary>Takes somebody out of his contact. Null means done, also where he is in none.</summary>
    public async Task<Problem?> RemovePersonAsync(Guid participant, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await reading.Named(db.Participants.AsNoTracking().Where(person => person.Id == participant)).SingleOrDefaultAsync(cancellationToken) is not { } named)
            return Problem.NotFound;
        if (await db.ContactPeople.SingleOrDefaultAsync(link => link.ParticipantId == participant, cancellationToken) is not { } link)
            return null;
        db.ContactPeople.Remove(link);
        await TellOfPersonAsync(Left, named.Recording.Id, participant, link.ContactId, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Everybody of the other contact belongs to this one, and the other is deleted with its key. Null means done.</summary>
    public async Task<Problem?> MergeAsync(Guid id, Guid? with, Actor actor, CancellationToken cancellationToken)
    {
        var refusal = await ApplyAsync(id, async contact =>
        {
            if (with is not { } otherId || otherId == id)
                return ContactProblems.Itself;
            if (await db.Contacts.SingleOrDefaultAsync(row => row.Id == otherId, cancellationToken) is not { } other)
                return Problem.NotFound;
            using var key = await keys.ContactKeyAsync(id, cancellationToken);
            using (var otherKey = await keys.ContactKeyAsync(otherId, cancellationToken))
            {
                string[] notes = [
                    .. new[] { contact.Note?.Open(key, contact.TenantId, id, Contact.NoteColumn), other.Note?.Open(otherKey, other.TenantId, otherId, Contact.NoteColumn) }.OfType<string>()];
                if (string.Join('\n', notes).Length > ContactProblems.LongestNote)
                    return ContactProblems.NotesTooLong;
                if (notes.Length > 0)
                    contact.Note = Seal(contact, key, string.Join('\n', notes));
                if (contact.Email is null && other.Email is { } email)
                    await WriteAsync(contact, key, contact.Name.Open(key, contact.TenantId, id, Contact.NameColumn), email.Open(otherKey, other.TenantId, otherId, Contact.EmailColumn), cancellationToken);
            }

            await db.ContactPeople.Where(link => link.ContactId == otherId).ExecuteUpdateAsync(set => set.SetProperty(link => link.ContactId, id), cancellationToken);
            foreach (var follower in followers)
                await follower.MergedAsync(otherId, id, cancellationToken);
            db.Contacts.Remove(other);
            await keys.ForgetContactKeyAsync(otherId, cancellationToken);
            await audit.AppendAsync(new AuditEntry(Merged, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("contact", $"{id}"), ("from", $"{otherId}")] }, cancellationToken);
            return null;
        }, cancellationToken);
        if (refusal is null)
            await ForgottenAsync(with!.Value, cancellationToken);
        return refusal;
    }

    /// <summary>Its people stay in their recordings, of no contact. Null means done.</summary>
    public async Task<Problem?> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var refusal = await ApplyAsync(id, async contact =>
        {
            foreach (var follower in followers)
            {
                if (await follower.LeavingAsync(id, cancellationToken) is { } stays)
                    return stays;
            }

            if (await HeldAsync(id, cancellationToken) is { } held)
                return held;
            await db.ContactPeople.Where(link => link.ContactId == id).ExecuteDeleteAsync(cancellationToken);
            db.Contacts.Remove(contact);
            await keys.ForgetContactKeyAsync(id, cancellationToken);
            await TellAsync(Deleted, id, actor, cancellationToken);
            return null;
        }, cancellationToken);
        if (refusal is null)
            await ForgottenAsync(id, cancellationToken);
        return refusal;
    }

    /// <summary>Who he is and how he was reached belongs to what is held, as the people of a recording do.</summary>
    private async Task<Problem?> HeldAsync(Guid id, CancellationToken cancellationToken)
    {
        var recordings = await db.Participants.Where(person => db.ContactPeople.Any(link => link.ParticipantId == person.Id && link.ContactId == id)).Select(person => person.RecordingId).Distinct().ToListAsync(cancellationToken);
        return (await keeping.HoldsAsync(recordings, cancellationToken)).Keys.FirstOrDefault() is var held && held != Guid.Empty ? await keeping.HoldAsync(held, cancellationToken) : null;
    }

    private async Task<Problem?> AddAsync(Guid id, OwnerKey key, (string Name, string? Email, string? Note) words, IReadOnlyList<Guid> people, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var contact = new Contact { TenantId = db.TenantId, Id = id, Name = SealedText.Seal(key, db.TenantId, id, Contact.NameColumn, words.Name.Trim()), CreatedAt = time.Now() };
        await WriteAsync(contact, key, words.Name, words.Email, cancellationToken);
        contact.Note = Seal(contact, key, words.Note ?? "");
        db.Contacts.Add(contact);
        await TellAsync(Created, id, actor, cancellationToken);
        if (await LinkAsync(id, people, actor, cancellationToken) is { } refusal)
            return refusal;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>In the running transaction, which has the tenant's lock.</summary>
    private async Task<Problem?> LinkAsync(Guid id, IReadOnlyList<Guid> people, Actor actor, CancellationToken cancellationToken)
    {
        var named = await reading.Named(db.Participants.AsNoTracking().Where(person => people.Contains(person.Id))).ToListAsync(cancellationToken);
        if (named.Count < people.Count)
            return ContactProblems.NobodyOfThisId;
        var links = await db.ContactPeople.AsNoTracking().Where(link => people.Contains(link.ParticipantId)).ToDictionaryAsync(link => link.ParticipantId, link => link.ContactId, cancellationToken);
        if (links.Values.Any(contact => contact != id))
            return ContactProblems.InOtherContact;
        foreach (var one in named.Where(one => !links.ContainsKey(one.Person.Id)))
        {
            db.ContactPeople.Add(new ContactPerson { TenantId = db.TenantId, ParticipantId = one.Person.Id, ContactId = id });
            await TellOfPersonAsync(Joined, one.Recording.Id, one.Person.Id, id, actor, cancellationToken);
        }

        return null;
    }

    private async Task<Problem?> ApplyAsync(Guid id, Func<Contact, Task<Problem?>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Contacts.SingleOrDefaultAsync(contact => contact.Id == id, cancellationToken) is not { } contact)
            return Problem.NotFound;
        contact.Version++;
        if (await change(contact) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task WriteAsync(Contact contact, OwnerKey key, string name, string? email, CancellationToken cancellationToken)
    {
        contact.Name = SealedText.Seal(key, contact.TenantId, contact.Id, Contact.NameColumn, name.Trim());
        (contact.Email, contact.EmailDigest) = (null, null);
        if (string.IsNullOrWhiteSpace(email))
            return;
        using var dataKey = await keys.DataKeyAsync(cancellationToken);
        contact.Email = SealedText.Seal(key, contact.TenantId, contact.Id, Contact.EmailColumn, email.Trim());
        contact.EmailDigest = Contact.DigestOf(dataKey, email);
    }

    private static SealedText? Seal(Contact contact, OwnerKey key, string note) => string.IsNullOrWhiteSpace(note) ? null : SealedText.Seal(key, contact.TenantId, contact.Id, Contact.NoteColumn, note.Trim());

    /// <summary>After the commit. Killed before it, the sweep finds the key objects.</summary>
    private async Task ForgottenAsync(Guid id, CancellationToken cancellationToken)
    {
        index.Drop(db.TenantId, id);
        await keys.DeleteContactKeyObjectsAsync(id, cancellationToken);
    }

    private async Task TellAsync(string type, Guid id, Actor actor, CancellationToken cancellationToken) =>
        await audit.AppendAsync(new AuditEntry(type, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("contact", $"{id}")] }, cancellationToken);

    private async Task TellOfPersonAsync(string type, Guid recordingId, Guid participant, Guid contact, Actor actor, CancellationToken cancellationToken) =>
        await audit.AppendAsync(new AuditEntry(type, actor, AuditTargetKind.Recording, recordingId) { Fields = [("participant", $"{participant}"), ("contact", $"{contact}")] }, cancellationToken);
}
