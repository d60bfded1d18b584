using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Asking;

/// <param name="Participants">Whom to ask; of this recording.</param>
/// <param name="Purposes">What for; absent: everything that a person can agree to.</param>
/// <param name="ExpiresAt">Until when an answer is taken; absent: 14 days.</param>
/// <param name="MayWatch">Whether each may watch the recording before he answers.</param>
/// <param name="Note">A word to all of them.</param>
/// <param name="ByHand">No letter is written: whoever asks hands the links over.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AskRequest(IReadOnlyList<Guid>? Participants, IReadOnlyList<string>? Purposes = null, DateTimeOffset? ExpiresAt = null, bool? MayWatch = null, string? Note = null, bool? ByHand = null)
{
    public const int MostPeople = 100;

    public Problem? Check(DateTimeOffset now) =>
        Participants is not { Count: > 0 and <= MostPeople } people || people.Distinct().Count() < people.Count ? Problem.Invalid("participants", $"name 1 to {MostPeople} people of this recording, each once.")
        : Purposes is { } purposes && (purposes.Count == 0 || purposes.Distinct(StringComparer.Ordinal).Count() < purposes.Count || purposes.Any(name => ConsentWords.PurposeOf(name) is null))
            ? Problem.Invalid("purposes", $"name some of these, each once: {string.Join(", ", ConsentWords.Recorded.Select(purpose => purpose.Name()))}.")
        : ShareTerms.CheckExpiry(ExpiresAt, now) ?? (Note is { Length: > ShareTerms.LongestNote } ? Problem.Invalid("note", "a note has at most 2,000 characters.") : null);
}

/// <summary>POST /api/v1/recordings/{id}/consent-requests: a link for each person; what it opens with stands in this answer alone.</summary>
internal static class AskForConsent
{
    public static async Task<Results<Created<AskedResponse>, ProblemHttpResult>> Handle(
        Guid id, AskRequest request, HttpContext http, RequestMaking making, RequestReading reading, CancellationToken cancellationToken)
    {
        var (made, refusal) = await making.MakeAsync(id, request, http, cancellationToken);
        if (refusal is not null)
            return refusal.ToResult();
        var items = await reading.OpenAsync(http.Request, [.. made.Select(one => one.Request)], cancellationToken);
        // What went by letter is shown to nobody else, so that who answers by it is known to read that mail.
        return TypedResults.Created($"/api/v1/recordings/{id}/consent-requests", new AskedResponse([.. items.Zip(made, (item, one) => one.Request.IsMailed ? item : item.WithSecret(one.Secret))]));
    }
}

/// <summary>A request, and what opens it.</summary>
internal sealed record MadeRequest(ConsentRequest Request, byte[] Secret);

/// <summary>Asks people of one recording: all of them, or none.</summary>
internal sealed class RequestMaking(VaultDbContext db, TenantKeys keys, ConsentLedger ledger, SharerStanding standing, StopRequest.RequestStopping stopping, AuditLog audit, ConsentLetters letters, TimeProvider time)
{
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(14);

    public async Task<(IReadOnlyList<MadeRequest> Made, Problem? Refusal)> MakeAsync(Guid recordingId, AskRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken) is null)
            return ([], Problem.NotFound);
        if (request.Check(now) is { } wrong)
            return ([], wrong);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var purposes = request.Purposes is { } named ? named.Select(name => ConsentWords.PurposeOf(name)!.Value).ToList() : [.. ConsentWords.Recorded];
        var made = request.Participants!.Select(person =>
        {
            var (id, secret) = (new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true), SecretToken.New());
            return new MadeRequest(new ConsentRequest
            {
                TenantId = db.TenantId,
                Id = id,
                RecordingId = recordingId,
                ParticipantId = person,
                SecretHash = ConsentRequest.HashSecret(id, secret),
                Purposes = string.Join(' ', purposes.Select(purpose => purpose.Name())),
                MayWatch = request.MayWatch ?? false,
                Note = string.IsNullOrWhiteSpace(request.Note) ? null : SealedText.Seal(key, db.TenantId, id, ConsentRequest.NoteColumn, request.Note.Trim()),
                CreatedAt = now,
                CreatedBy = http.User.MemberId(),
                ExpiresAt = request.ExpiresAt?.Cut() ?? now + UsualLife,
            }, secret);
        }).ToList();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await standing.IsGoodAsync(MemberPass.Of(http), cancellationToken))
            return ([], Problem.Unauthorized);
        // Read behind the lock: what was put into the trash or taken off the list since is not asked about.
        if (await db.Recordings.AnyAsync(recording => recording.Id == recordingId && (recording.TrashedAt != null || recording.IsBeingDestroyed), cancellationToken))
            return ([], PlaybackProblems.InTrash);
        var wanted = request.Participants!.ToList();
        var people = await db.Participants.AsNoTracking().Where(person => person.RecordingId == recordingId && wanted.Contains(person.Id)).ToDictionaryAsync(person => person.Id, cancellationToken);
        if (people.Count < wanted.Count)
            return ([], Problem.Invalid("participants", "each is the id of somebody who is named as recorded in this recording."));
        // One question at a time: who is asked anew answers the new one, and watches by it or not at all.
        foreach (var old in await db.ConsentRequests.Where(old => old.RecordingId == recordingId && wanted.Contains(old.ParticipantId) && old.StoppedAt == null && old.ExpiresAt > now).ToListAsync(cancellationToken))
            await stopping.StopWithinAsync(old, http.Actor(), cancellationToken);
        foreach (var one in made)
            await PutAsync(one, people[one.Request.ParticipantId], request.ByHand is true, key, http, cancellationToken);
        await ledger.AddAndTellAsync(recordingId, key, await UnansweredAsync(recordingId, wanted, purposes, cancellationToken), http.Actor(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (made, null);
    }

    private async Task PutAsync(MadeRequest made, Participant person, bool byHand, Vault.Keys.OwnerKey key, HttpContext http, CancellationToken cancellationToken)
    {
        var request = made.Request;
        db.Locators.Add(new Locator { Id = request.Id, Kind = LocatorKind.Consent, TenantId = db.TenantId });
        db.ConsentRequests.Add(request);
        var name = person.Name.Open(key, db.TenantId, person.Id, Participant.NameColumn);
        var address = person.Email?.Open(key, db.TenantId, person.Id, Participant.EmailColumn);
        request.IsMailed = !byHand && address is { Length: > 0 } && await letters.AskAsync(request, name, address, made.Secret, http, cancellationToken);
        await audit.AppendAsync(
            new AuditEntry("consent.asked", http.Actor(), AuditTargetKind.Recording, request.RecordingId)
            {
                Fields = [("participant", $"{request.ParticipantId}"), ("for", request.Purposes), ("link", request.IsMailed ? "mailed" : "shown"), ("watch", request.MayWatch ? "yes" : "no")],
            },
            cancellationToken);
    }

    /// <summary>What was answered stays answered until he says otherwise: a question takes nothing back.</summary>
    private async Task<IReadOnlyList<NewConsent>> UnansweredAsync(Guid recordingId, IReadOnlyList<Guid> people, IReadOnlyList<Purpose> purposes, CancellationToken cancellationToken)
    {
        var said = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId && people.Contains(state.ParticipantId)).Select(state => new { state.ParticipantId, state.Purpose }).ToListAsync(cancellationToken))
            .Select(state => (state.ParticipantId, state.Purpose)).ToHashSet();
        return [.. from person in people from purpose in purposes where !said.Contains((person, purpose)) select new NewConsent(person, purpose, ConsentStatus.Requested, ConsentMethod.Page)];
    }
}
