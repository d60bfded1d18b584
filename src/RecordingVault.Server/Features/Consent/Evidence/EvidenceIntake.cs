using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <param name="Name">The file's name, cleaned.</param>
internal sealed record NewEvidence(Guid RecordingId, IReadOnlyList<Guid> Records, string Name, DateTimeOffset? KeptUntil);

/// <summary>
/// Takes a file: a row that says that it is coming, with its key; then the bytes, sealed as they arrive; then, in one transaction, what it is and which records it shows, with the event. What breaks
/// off before that is taken back at once, and after a crash by the sweep: nothing of a half file stays.
/// </summary>
internal sealed class EvidenceIntake(VaultDbContext db, TenantKeys keys, SealedStore store, EvidenceEnding ending, AuditLog audit, TimeProvider time)
{
    public const string Added = "consent.evidence-added";
    public const int MostOfRecording = 500;
    public const int LongestName = 200;

    /// <summary>A paper that is signed once may speak of every use.</summary>
    public const int MostRecords = 50;

    /// <returns>Its id, or why nothing was taken.</returns>
    public async Task<(Guid Id, Problem? Problem)> AddAsync(NewEvidence wanted, Stream body, Actor actor, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.Now());
        if (await BeginAsync(id, wanted, actor, cancellationToken) is { } refusal)
            return (default, refusal);
        try
        {
            await using var file = new EvidenceStream(body);
            await file.BeginAsync(cancellationToken);
            using var key = await keys.EvidenceKeyAsync(id, cancellationToken);
            var stored = await store.PutWholeAsync(key, ObjectRole.Evidence, file, cancellationToken);
            if (await BindAsync(id, wanted, file, stored, key, actor, cancellationToken) is not { } gone)
                return (id, null);
            await ending.GiveUpAsync(id, CancellationToken.None);
            return (default, gone);
        }
        catch (EvidenceRefusedException refused)
        {
            await ending.GiveUpAsync(id, CancellationToken.None);
            return (default, refused.Problem);
        }
        catch (BadHttpRequestException tooLong) when (tooLong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await ending.GiveUpAsync(id, CancellationToken.None);
            return (default, EvidenceProblems.TooLarge);
        }
        catch
        {
            await ending.GiveUpAsync(id, CancellationToken.None);
            throw;
        }
    }

    private async Task<Problem?> BeginAsync(Guid id, NewEvidence wanted, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await AboutAsync(wanted, cancellationToken) is (_, { } refusal))
            return refusal;
        if (await db.Evidence().OfRecording(db, wanted.RecordingId).CountAsync(cancellationToken) >= MostOfRecording)
            return EvidenceProblems.TooMany;
        using var key = await keys.NewEvidenceKeyAsync(id, cancellationToken);
        db.ConsentEvidence.Add(new ConsentEvidence { TenantId = db.TenantId, Id = id, CreatedAt = time.Now(), AddedByKind = actor.Kind, AddedById = actor.Id, KeptUntil = wanted.KeptUntil });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<Problem?> BindAsync(Guid id, NewEvidence wanted, EvidenceStream file, WholeObject stored, OwnerKey key, Actor actor, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // Minutes may have gone by: whoever destroyed the recording meanwhile must not find a paper of it afterwards.
        var (about, refusal) = await AboutAsync(wanted, cancellationToken);
        if (about is null)
            return refusal;
        // As many may have begun at once as were allowed to one by one.
        if (await db.Evidence().OfRecording(db, wanted.RecordingId).CountAsync(cancellationToken) >= MostOfRecording)
            return EvidenceProblems.TooMany;
        if (await db.ConsentEvidence.SingleOrDefaultAsync(row => row.Id == id && row.EndedAt == null, cancellationToken) is not { } row)
            return Problem.NotFound;
        (row.ObjectId, row.Kind, row.SizeInBytes) = (stored.ObjectId, file.Kind, stored.PlaintextLength);
        row.Name = SealedText.Seal(key, db.TenantId, id, ConsentEvidence.NameColumn, wanted.Name);
        row.Digest = SealedText.Seal(key, db.TenantId, id, ConsentEvidence.DigestColumn, file.Sha256);
        row.About = SealedText.Seal(key, db.TenantId, id, ConsentEvidence.AboutColumn, JsonSerializer.Serialize(about));
        db.EvidenceRecords.AddRange(wanted.Records.Select(record => new EvidenceRecord { TenantId = db.TenantId, EvidenceId = id, RecordId = record }));
        await audit.AppendAsync(new AuditEntry(Added, actor, AuditTargetKind.Recording, wanted.RecordingId)
        {
            Fields =
            [
                ("evidence", $"{id}"), ("records", string.Join(' ', wanted.Records)), ("kind", ConsentWords.Name(file.Kind)), ("sha256", file.Sha256),
                ("kept-until", wanted.KeptUntil?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)),
            ],
        }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Of whom it is and what he said, while the records are there to say it.</summary>
    private async Task<(EvidenceAbout? About, Problem? Problem)> AboutAsync(NewEvidence wanted, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == wanted.RecordingId && !recording.IsBeingDestroyed, cancellationToken))
            return (null, Problem.NotFound);
        var records = await db.ConsentRecords.AsNoTracking().Where(record => record.RecordingId == wanted.RecordingId && wanted.Records.Contains(record.Id)).OrderBy(record => record.Number).ToListAsync(cancellationToken);
        if (records.Count == 0 || records.Count != wanted.Records.Count || records.Exists(record => record.ParticipantId != records[0].ParticipantId))
            return (null, EvidenceProblems.NoRecords);
        var personId = records[0].ParticipantId;
        var person = await db.Participants.AsNoTracking().SingleAsync(person => person.Id == personId, cancellationToken);
        using var key = await keys.RecordingKeyAsync(wanted.RecordingId, cancellationToken);
        return (new EvidenceAbout(
            person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
            [.. records.Select(record => new EvidenceSaid(record.Purpose.Name(), ConsentWords.Name(record.Status), ConsentWords.Name(record.Method), record.SaidAt))]), null);
    }
}

/// <summary>What the file is called, as a request says it and as it leaves again.</summary>
internal static class EvidenceNames
{
    private const string NotInNames = "/\\:*?\"<>|";

    /// <summary>Null where the request names none, or one that is too long.</summary>
    public static string? Read(HttpRequest request)
    {
        if (!Microsoft.Net.Http.Headers.ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var header))
            return null;
        var name = Clean(header.FileNameStar.HasValue ? header.FileNameStar.Value! : Microsoft.Net.Http.Headers.HeaderUtilities.RemoveQuotes(header.FileName).Value ?? "");
        return name.Length is 0 or > EvidenceIntake.LongestName ? null : name;
    }

    /// <summary>With the ending that its content asks for: what a name claims to be is not how it is opened.</summary>
    public static string Leaving(string name, EvidenceKind kind)
    {
        var ending = kind switch { EvidenceKind.Jpeg => ".jpg", EvidenceKind.Mail => ".eml", EvidenceKind.Text => ".txt", _ => "." + ConsentWords.Name(kind) };
        var stem = name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : kind is EvidenceKind.Jpeg && name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name;
        stem = stem.Trim(' ', '.');
        return (stem.Length == 0 ? "evidence" : stem) + ending;
    }

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (!char.IsControl(letter) && char.GetUnicodeCategory(letter) is not System.Globalization.UnicodeCategory.Format)
                clean.Append(NotInNames.Contains(letter, StringComparison.Ordinal) ? '-' : letter);
        }

        return clean.ToString().Trim();
    }
}
