using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Rights;

/// <param name="Outcome">Null while it is open.</param>
internal sealed record ErasureResponse(Guid Id, Guid Contact, DateTimeOffset ReceivedAt, DateTimeOffset DueAt, string? Note, string? Outcome, string? Word, DateTimeOffset? ClosedAt, Guid? ClosedBy);

/// <summary>Opens requests to be erased, and closes them with what was done. Nothing is erased by itself: what may go, and what has to stay, somebody decides.</summary>
internal sealed class ErasureRequests(VaultDbContext db, TenantKeys keys, ContactReading contacts, ContactChange change, AuditLog audit, TimeProvider time)
{
    public const string Opened = "erasure.requested";
    public const string Closed = "erasure.closed";
    public const int LongestWord = 1_000;

    /// <summary>Of one person, and in a list.</summary>
    private const int Most = 100;

    /// <summary>A month, as the General Data Protection Regulation has it in article 12(3); who opens a request may set another day.</summary>
    private static readonly TimeSpan s_usual = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    public async Task<(Guid? Id, Problem? Problem)> OpenAsync(Guid contactId, DateTimeOffset? receivedAt, DateTimeOffset? dueAt, string? note, Actor actor, Guid member, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var received = receivedAt ?? now;
        var due = dueAt ?? received + s_usual;
        if (received > now + TimeSpan.FromMinutes(5) || received < now - s_longest)
            return (null, Problem.Invalid("receivedAt", "give the day on which it came in, of the last year and none that is to come."));
        if (due <= received || due > received + s_longest)
            return (null, Problem.Invalid("dueAt", "give a day behind the one on which it came in, and at most a year later."));
        if (note?.Trim().Length > LongestWord)
            return (null, Problem.Invalid("note", $"at most {LongestWord} characters."));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await db.Contacts.AnyAsync(contact => contact.Id == contactId, cancellationToken))
            return (null, Problem.NotFound);
        if (await db.ErasureRequests.AnyAsync(request => request.ContactId == contactId && request.ClosedAt == null, cancellationToken))
            return (null, RightsProblems.OneIsOpen);
        if (await db.ErasureRequests.CountAsync(request => request.ContactId == contactId, cancellationToken) >= Most)
            return (null, RightsProblems.TooMany);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var id = Guid.CreateVersion7(now);
        db.ErasureRequests.Add(new ErasureRequest
        {
            TenantId = db.TenantId,
            Id = id,
            ContactId = contactId,
            ReceivedAt = received,
            DueAt = due,
            Note = string.IsNullOrWhiteSpace(note) ? null : SealedText.Seal(key, db.TenantId, id, ErasureRequest.NoteColumn, note.Trim()),
            CreatedAt = now,
            CreatedBy = member,
        });
        await audit.AppendAsync(new AuditEntry(Opened, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("request", $"{id}"), ("contact", $"{contactId}")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (id, null);
    }

    /// <summary>Null means done, also where it was closed before. <see cref="ErasureOutcome.Erased"/> deletes the person's entry with its key, and is refused while a recording names him.</summary>
    public async Task<Problem?> CloseAsync(Guid id, string? outcome, string? word, Actor actor, Guid member, CancellationToken cancellationToken)
    {
        if (!await db.ErasureRequests.AnyAsync(request => request.Id == id, cancellationToken))
            return Problem.NotFound;
        if (ConsentWords.Of(Enum.GetValues<ErasureOutcome>(), outcome) is not { } done)
            return Problem.Invalid("outcome", $"it is one of {ConsentWords.List(Enum.GetValues<ErasureOutcome>())}.");
        if (string.IsNullOrWhiteSpace(word) || word.Trim().Length > LongestWord)
            return Problem.Invalid("word", $"say in at most {LongestWord} characters what was done, or why not.");
        Guid contactId;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            var request = await db.ErasureRequests.SingleAsync(row => row.Id == id, cancellationToken);
            // What was closed as erased and was stopped on its way is gone on with.
            if (request.ClosedAt is not null)
            {
                await transaction.RollbackAsync(cancellationToken);
                return request.Outcome == ErasureOutcome.Erased ? await DeleteEntryAsync(request.ContactId, actor) : null;
            }

            if (done == ErasureOutcome.Erased && await NamedInAsync(request.ContactId, cancellationToken) is > 0 and var left)
                return RightsProblems.StillNamed(left);
            contactId = request.ContactId;
            using var key = await keys.DataKeyAsync(cancellationToken);
            request.Close(done, SealedText.Seal(key, db.TenantId, id, ErasureRequest.WordColumn, word.Trim()), member, time.Now());
            await audit.AppendAsync(
                new AuditEntry(Closed, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("request", $"{id}"), ("contact", $"{request.ContactId}"), ("outcome", ConsentWords.Name(done))] }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return done == ErasureOutcome.Erased ? await DeleteEntryAsync(contactId, actor) : null;
    }

    /// <summary>Null also where there is no entry any more. It does not stop with the one who asked.</summary>
    private async Task<Problem?> DeleteEntryAsync(Guid contactId, Actor actor) =>
        await db.Contacts.AnyAsync(contact => contact.Id == contactId, CancellationToken.None) ? await change.DeleteAsync(contactId, actor, CancellationToken.None) : null;

    /// <summary>Whom a request is about; null where there is no such request.</summary>
    public Task<Guid?> ContactOfAsync(Guid id, CancellationToken cancellationToken) => db.ErasureRequests.Where(request => request.Id == id).Select(request => (Guid?)request.ContactId).SingleOrDefaultAsync(cancellationToken);

    /// <summary>How many recordings that are there name the person.</summary>
    public Task<int> NamedInAsync(Guid contactId, CancellationToken cancellationToken) =>
        contacts.Named(db.Participants.AsNoTracking().Where(person => db.ContactPeople.Any(link => link.ParticipantId == person.Id && link.ContactId == contactId))).CountAsync(cancellationToken);

    /// <summary>Of one person, the newest first; of all, those that are open, the most urgent first.</summary>
    public async Task<IReadOnlyList<ErasureResponse>> ListAsync(Guid? contactId, CancellationToken cancellationToken)
    {
        var rows = db.ErasureRequests.AsNoTracking();
        var found = await (contactId is { } id ? rows.Where(request => request.ContactId == id).OrderByDescending(request => request.CreatedAt) : rows.Where(request => request.ClosedAt == null).OrderBy(request => request.DueAt))
            .ThenBy(request => request.Id).Take(Most).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. found.Select(request => new ErasureResponse(
            request.Id, request.ContactId, request.ReceivedAt, request.DueAt, request.Note?.Open(key, request.TenantId, request.Id, ErasureRequest.NoteColumn),
            request.Outcome is { } outcome ? ConsentWords.Name(outcome) : null, request.Word?.Open(key, request.TenantId, request.Id, ErasureRequest.WordColumn), request.ClosedAt, request.ClosedBy))];
    }
}
