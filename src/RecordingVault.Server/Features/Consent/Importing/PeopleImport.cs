using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>Names the people of a list as recorded, all of them or none, in a transaction with its event; and writes down for whom Zoom reports that he accepted being recorded.</summary>
internal sealed class PeopleImport(VaultDbContext db, TenantKeys keys, RecordingCreation creation, ConsentLedger ledger, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Imported = "participant.imported";

    /// <summary>What would be done. Null where there is no such recording.</summary>
    public async Task<ImportPlan?> PreviewAsync(Guid recordingId, ImportedList list, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken))
            return null;
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        return await PlanAsync(recordingId, key, list, cancellationToken);
    }

    /// <param name="list">Without errors.</param>
    /// <returns>What was done, or why nothing was.</returns>
    public async Task<(ImportPlan? Plan, Problem? Problem)> ApplyAsync(Guid recordingId, ImportedList list, ParticipantSource source, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return (null, Problem.NotFound);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var plan = await PlanAsync(recordingId, key, list, cancellationToken);
        if (plan.Total > PersonRequest.MostPeople)
            return (null, ConsentProblems.TooManyPeople);
        if (plan.IsNothing)
            return (plan, null);
        var added = plan.Rows.Where(row => row.State == ImportState.Add).ToList();
        var ids = creation.AddPeople(recordingId, key, [.. added.Select(row => new PersonRequest(row.Name, row.Email))], _ => source);
        recording.Touch();
        await audit.AppendAsync(
            new AuditEntry(Imported, actor, AuditTargetKind.Recording, recordingId)
            {
                ChangesPermission = true,
                Fields = [("source", ConsentWords.Name(source)), ("added", $"{plan.Added}"), ("there", $"{plan.AlreadyThere}"), ("consents", $"{plan.Consents}")],
            }, cancellationToken);
        try
        {
            // The people first: what they said refers to them.
            await db.SaveChangesAsync(cancellationToken);
            var saidAt = SaidAt(recording);
            var wanted = plan.Rows.Where(row => row.IsRecorded).Select(row => new NewConsent(row.Person ?? ids[added.IndexOf(row)], Purpose.Keep, ConsentStatus.Given, ConsentMethod.Prompt)
            {
                SaidAt = saidAt,
                Note = $"Zoom's report of participants, line {row.Line}.",
            }).ToList();
            if (wanted.Count > 0)
                await ledger.AddAndTellAsync(recordingId, key, wanted, actor, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return (null, Problem.ChangedMeanwhile);
        }

        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recordingId);
        return (plan, null);
    }

    /// <summary>The report's times have no zone. Somebody was asked when the meeting was; null, for now, where nobody said when that was.</summary>
    private DateTimeOffset? SaidAt(Recording recording) => recording.RecordedAt is { } at && at <= time.Now() ? at : null;

    private async Task<ImportPlan> PlanAsync(Guid recordingId, OwnerKey key, ImportedList list, CancellationToken cancellationToken)
    {
        var people = await db.Participants.AsNoTracking().Where(person => person.RecordingId == recordingId).OrderBy(person => person.Id).ToListAsync(cancellationToken);
        var states = await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId && state.Purpose == Purpose.Keep).ToDictionaryAsync(state => state.ParticipantId, state => state.Status, cancellationToken);
        return ImportPlan.Make(
            list,
            [.. people.Select(person => new NamedPerson(
                person.Id,
                person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
                person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn),
                states.TryGetValue(person.Id, out var status) ? status : null))]);
    }
}
