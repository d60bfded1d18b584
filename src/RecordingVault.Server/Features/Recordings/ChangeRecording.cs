using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>What is absent stays as it is; people, where given, replace those who stand there.</summary>
internal sealed record ChangeRecordingRequest(string? Title, DateTimeOffset? RecordedAt, IReadOnlyList<PersonRequest?>? Participants);

internal static class ChangeRecording
{
    public static async Task<Results<Ok<RecordingResponse>, ProblemHttpResult>> Handle(
        Guid id, ChangeRecordingRequest request, HttpContext http, VaultDbContext db, RecordingChange change, RecordingReading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong.ToResult();
        var (recording, refusal) = await change.ApplyAsync(id, request, http.Actor(), cancellationToken);
        if (recording is null)
            return refusal!.ToResult();
        return TypedResults.Ok((await reading.OpenAsync([recording], await SearchReader.OfAsync(http, db, time, cancellationToken), cancellationToken))[0]);
    }

    private static Problem? Check(ChangeRecordingRequest request) =>
        (request.Title is { } title ? NewRecording.CheckTitle(title) : null)
        ?? NewRecording.CheckRecordedAt(request.RecordedAt)
        ?? (request.Participants is { } people ? PersonRequest.Check(people) : null);
}

/// <summary>Changes a recording in a transaction of its own, with its event; the card follows.</summary>
internal sealed class RecordingChange(VaultDbContext db, TenantKeys keys, RecordingCreation creation, IPeopleAnswers answers, IPeopleLinks links, IRecordingKeeping keeping, AuditLog audit, JobQueue jobs)
{
    /// <returns>The recording as it stands now, or why it was not changed.</returns>
    public async Task<(Recording? Recording, Problem? Problem)> ApplyAsync(Guid id, ChangeRecordingRequest request, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Jobs change the row of a fresh upload many times: this reads it when nobody else is about to change it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return (null, Problem.NotFound);
        using (var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken))
        {
            if (request.Title is { } title)
                recording.Title = SealedText.Seal(key, recording.TenantId, recording.Id, Recording.TitleColumn, title.Trim());
            recording.RecordedAt = request.RecordedAt?.ToUniversalTime() ?? recording.RecordedAt;
            if (request.Participants is { } people && await ReplaceAsync(recording.Id, key, people, cancellationToken) is { } stays)
                return (null, stays);
        }

        recording.Touch();
        // Who was recorded decides whose consent counts.
        await audit.AppendAsync(new AuditEntry("recording.changed", actor, AuditTargetKind.Recording, recording.Id) { ChangesPermission = request.Participants is not null }, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return (null, Problem.ChangedMeanwhile);
        }

        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return (recording, null);
    }

    /// <summary>Who has answered, or belongs to a contact, stays the same row under the same name and address; of the others it is kept how they came to be known.</summary>
    /// <returns>Why not, where one who has answered, or anybody of a recording on hold, is not among those who are wanted.</returns>
    private async Task<Problem?> ReplaceAsync(Guid recordingId, OwnerKey key, IReadOnlyList<PersonRequest?> people, CancellationToken cancellationToken)
    {
        var answered = await answers.WithRecordsAsync(recordingId, cancellationToken);
        var linked = await links.LinkedAsync(recordingId, cancellationToken);
        var held = await keeping.HoldAsync(recordingId, cancellationToken);
        var wanted = people.OfType<PersonRequest>().ToList();
        var sources = new Dictionary<(string Name, string Email), ParticipantSource>();
        foreach (var person in await db.Participants.Where(person => person.RecordingId == recordingId).ToListAsync(cancellationToken))
        {
            var (name, email) = (person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn), person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn) ?? "");
            if (held is null && !answered.Contains(person.Id) && !linked.Contains(person.Id))
            {
                sources[(name, email)] = person.Source;
                db.Participants.Remove(person);
                continue;
            }

            var at = wanted.FindIndex(one => one.Name!.Trim() == name && (one.Email?.Trim() ?? "") == email);
            if (at >= 0)
                wanted.RemoveAt(at);
            else if (held is not null)
                return held;
            else if (answered.Contains(person.Id))
                return PersonRequest.HasAnswers;
            else
                db.Participants.Remove(person);
        }

        creation.AddPeople(recordingId, key, wanted, person => sources.GetValueOrDefault((person.Name!.Trim(), person.Email?.Trim() ?? "")));
        return null;
    }
}
