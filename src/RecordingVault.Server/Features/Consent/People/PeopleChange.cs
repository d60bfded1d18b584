using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.People;

/// <summary>
/// Adds, corrects and takes off one person of a recording, each in a transaction with its event. Who was recorded decides whose consent counts: so what runs is looked at again, and somebody who
/// has answered is not taken off.
/// </summary>
internal sealed class PeopleChange(VaultDbContext db, TenantKeys keys, RecordingCreation creation, IRecordingKeeping keeping, AuditLog audit, JobQueue jobs)
{
    public const string Added = "participant.added";
    public const string Changed = "participant.changed";
    public const string Removed = "participant.removed";

    /// <summary>The recording of somebody who is named in one; null where there is none such.</summary>
    public Task<Guid?> RecordingOfAsync(Guid participant, CancellationToken cancellationToken) =>
        db.Participants.Where(person => person.Id == participant && db.Recordings.Any(recording => recording.Id == person.RecordingId && !recording.IsBeingDestroyed))
            .Select(person => (Guid?)person.RecordingId).SingleOrDefaultAsync(cancellationToken);

    /// <returns>Null when he was not added, with the reason.</returns>
    public async Task<(Guid? Id, Problem? Problem)> AddAsync(Guid recordingId, PersonRequest person, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return (null, Problem.NotFound);
        if (await db.Participants.CountAsync(one => one.RecordingId == recordingId, cancellationToken) >= PersonRequest.MostPeople)
            return (null, ConsentProblems.TooManyPeople);
        using (var key = await keys.RecordingKeyAsync(recordingId, cancellationToken))
            creation.AddPeople(recordingId, key, [person]);
        var id = db.Participants.Local.Single().Id;
        return await EndAsync(Added, recording, id, actor, cancellationToken) is { } problem ? (null, problem) : await CommitAsync();

        async Task<(Guid?, Problem?)> CommitAsync()
        {
            await transaction.CommitAsync(cancellationToken);
            jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
            return (id, null);
        }
    }

    /// <summary>Corrects name and address. Null means done.</summary>
    public Task<Problem?> ChangeAsync(Guid participant, PersonRequest wanted, Actor actor, CancellationToken cancellationToken) =>
        ApplyAsync(participant, Changed, actor, async person =>
        {
            using var key = await keys.RecordingKeyAsync(person.RecordingId, cancellationToken);
            person.Name = SealedText.Seal(key, person.TenantId, person.Id, Participant.NameColumn, wanted.Name!.Trim());
            person.Email = wanted.Email is { Length: > 0 } email ? SealedText.Seal(key, person.TenantId, person.Id, Participant.EmailColumn, email.Trim()) : null;
            return null;
        }, cancellationToken);

    /// <summary>Null means done.</summary>
    public Task<Problem?> RemoveAsync(Guid participant, Actor actor, CancellationToken cancellationToken) =>
        ApplyAsync(participant, Removed, actor, async person =>
        {
            if (await db.ConsentRecords.AnyAsync(record => record.ParticipantId == participant, cancellationToken))
                return PersonRequest.HasAnswers;
            db.Participants.Remove(person);
            return null;
        }, cancellationToken);

    private async Task<Problem?> ApplyAsync(Guid participant, string type, Actor actor, Func<Participant, Task<Problem?>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Participants.SingleOrDefaultAsync(person => person.Id == participant, cancellationToken) is not { } person
            || await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == person.RecordingId, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return Problem.NotFound;
        // Who was named, and how, is evidence as the film is.
        if (await keeping.HoldAsync(recording.Id, cancellationToken) is { } held)
            return held;
        if ((await change(person) ?? await EndAsync(type, recording, participant, actor, cancellationToken)) is { } refusal)
            return refusal;
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return null;
    }

    private async Task<Problem?> EndAsync(string type, Recording recording, Guid participant, Actor actor, CancellationToken cancellationToken)
    {
        recording.Touch();
        await audit.AppendAsync(
            new AuditEntry(type, actor, AuditTargetKind.Recording, recording.Id) { ChangesPermission = type != Changed, Fields = [("participant", $"{participant}")] }, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problem.ChangedMeanwhile;
        }
    }
}
