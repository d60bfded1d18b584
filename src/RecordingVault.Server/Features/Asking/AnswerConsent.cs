using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Asking;

/// <summary>POST /c/{id}/answer: what the person says of each use. What he leaves open counts as no.</summary>
internal static class AnswerConsent
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, ConsentDoor door, QuestionPages pages, AnswerTaking taking, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
            return new NoSuchPage();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage);
        var yes = visit.Request.Asked.Where(purpose => form[purpose.Name()] == "yes").ToHashSet();
        if (form["name"].Trim() is not { Length: > 0 and <= Answer.LongestName } signature || signature.Any(char.IsControl))
            return await pages.AskAsync(http, visit, culture, new PutBack(yes, form["name"], WrongName: true), cancellationToken);
        var (receipt, refusal) = await taking.TakeAsync(visit, Read(form, yes, signature, culture), http, cancellationToken);
        if (receipt is not null)
            return await pages.ThanksAsync(http, visit, culture, receipt, cancellationToken);
        // Of words that he has not read nothing stays chosen.
        return refusal == AskingProblems.Reworded ? await pages.AskAsync(http, visit, culture, new PutBack(new HashSet<Purpose>(), signature, WrongName: false) { IsReworded = true }, cancellationToken)
            : refusal == AskingProblems.AskingOver ? await pages.AskAsync(http, visit, culture, new PutBack(yes, signature, WrongName: false) { IsOver = true }, cancellationToken)
            : refusal!.ToResult();
    }

    /// <summary>A form that names no words is one of the vault's.</summary>
    private static Answer Read(PostedForm form, HashSet<Purpose> yes, string signature, CultureInfo culture) => new(yes, signature, culture.TwoLetterISOLanguageName)
    {
        TextVersion = form["text"] is { Length: > 0 } version ? version : VaultWords.Version,
        TextLanguage = form["language"] is { Length: > 0 } language ? language : culture.TwoLetterISOLanguageName,
    };
}

/// <param name="Yes">Of what was asked; all else is no.</param>
/// <param name="Language">Of the page around the question, one of the vault's own.</param>
internal sealed record Answer(IReadOnlySet<Purpose> Yes, string Signature, string Language)
{
    public const int LongestName = 200;

    /// <summary>Which words he had before him, as his page says it.</summary>
    public required string TextVersion { get; init; }
    public required string TextLanguage { get; init; }
}

/// <summary>An answer that was kept.</summary>
/// <param name="TakenBack">What he had given before, and took back by it.</param>
internal sealed record KeptAnswer(ConsentReceipt Receipt, byte[] Secret, IReadOnlyDictionary<Purpose, ConsentStatus> Says, IReadOnlyList<Purpose> TakenBack, bool IsMailed);

/// <summary>Writes an answer into the ledger and gives the receipt, in one transaction under the tenant's lock.</summary>
internal sealed class AnswerTaking(
    VaultDbContext db, TenantKeys keys, ConsentLedger ledger, SigningKeys signing, ReceiptWriting writing, PartedRecordings parts, ConsentLetters letters, ConsentTexts texts, AuditLog audit, TimeProvider time)
{
    private const int MostReceipts = 50;

    public async Task<(KeptAnswer? Kept, Problem? Refusal)> TakeAsync(ConsentVisit visit, Answer answer, HttpContext http, CancellationToken cancellationToken)
    {
        var (recordingId, participantId) = (visit.Request.RecordingId, visit.Request.ParticipantId);
        // Made before the transaction: a key that is needed for the first time has one of its own.
        using var signer = await signing.OpenAsync(SigningUse.Package, cancellationToken);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var (id, secret) = (new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true), SecretToken.New());

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var request = await db.ConsentRequests.SingleOrDefaultAsync(row => row.Id == visit.Request.Id, cancellationToken);
        var person = await db.Participants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == participantId && row.RecordingId == recordingId, cancellationToken);
        // Files may have moved into another recording since he was let in, and what he holds with them.
        if (request is not null && (request.RecordingId != recordingId || request.ParticipantId != participantId))
            return (null, Problem.ChangedMeanwhile);
        if (request is null || person is null || await db.Recordings.AnyAsync(row => row.Id == recordingId && row.IsBeingDestroyed, cancellationToken))
            return (null, Problem.NotFound);
        var now = time.Now();
        var states = await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId && state.ParticipantId == participantId).ToDictionaryAsync(state => state.Purpose, state => state.Status, cancellationToken);
        var isByReceipt = visit.Found.Receipt is not null;
        if (!isByReceipt && (request.StoppedAt is not null || request.StateAt(now) is RequestState.Expired))
            return (null, AskingProblems.AskingOver);
        // By a receipt, and when the asking is over, a person takes back; he gives nothing more, and says nothing of what he is not shown.
        var mayGive = !isByReceipt && request.TakesAnswers(now);
        if (!mayGive && answer.Yes.Any(purpose => !states.TryGetValue(purpose, out var status) || status != ConsentStatus.Given))
            return (null, AskingProblems.AskingOver);
        // What is answered is what was shown. A new yes to words that are others by now is asked for anew; taking back waits for no words, whatever else stays as it was.
        var shown = await texts.ChooseAsync(http.Request.Headers.AcceptLanguage, cancellationToken);
        if (shown.Version != answer.TextVersion || shown.Language != answer.TextLanguage)
        {
            if (mayGive && answer.Yes.Any(purpose => states.GetValueOrDefault(purpose, ConsentStatus.Requested) != ConsentStatus.Given))
                return (null, AskingProblems.Reworded);
            shown = await texts.FindAsync(answer.TextVersion, answer.TextLanguage, cancellationToken) ?? shown;
        }

        var wanted = Wanted(request, answer, states, shown).FindAll(one => mayGive || one.Status == ConsentStatus.Withdrawn);
        // A person may take back whenever he likes; who only plays with the form is told to stop some time.
        if (wanted.TrueForAll(one => one.Status != ConsentStatus.Withdrawn) && await db.ConsentReceipts.CountAsync(receipt => receipt.RequestId == request.Id, cancellationToken) >= MostReceipts)
            return (null, AskingProblems.AnsweredOften);
        await ledger.AddAndTellAsync(recordingId, key, wanted, visit.Actor, cancellationToken);
        await parts.TakeBackAsync(recordingId, key, participantId, OfStatus(ConsentStatus.Withdrawn), OfStatus(ConsentStatus.Refused), visit.Actor, cancellationToken);
        request.AnsweredAt = now;
        await letters.TakeBackAsync(request.Id, cancellationToken);
        var says = request.Asked.ToDictionary(purpose => purpose, purpose => wanted.FirstOrDefault(one => one.Purpose == purpose)?.Status ?? states.GetValueOrDefault(purpose, ConsentStatus.Requested));
        IReadOnlyList<Purpose> OfStatus(ConsentStatus status) => [.. wanted.Where(one => one.Status == status).Select(one => one.Purpose)];
        var document = await writing.WriteAsync(visit, id, answer, shown, says, key, cancellationToken);
        var receipt = new ConsentReceipt
        {
            TenantId = db.TenantId,
            Id = id,
            RecordingId = recordingId,
            ParticipantId = participantId,
            RequestId = request.Id,
            SecretHash = ConsentReceipt.HashSecret(id, secret),
            Document = SealedText.Seal(key, db.TenantId, id, ConsentReceipt.DocumentColumn, System.Text.Encoding.UTF8.GetString(SignedDocument.Sign(signer.Key, DocumentKind.ConsentReceipt, document, now).Write())),
            CreatedAt = now,
        };
        db.ConsentReceipts.Add(receipt);
        db.Locators.Add(new Locator { Id = id, Kind = LocatorKind.Consent, TenantId = db.TenantId });
        await audit.AppendAsync(new AuditEntry("consent.answered", visit.Actor, AuditTargetKind.Recording, recordingId) { Fields = [("receipt", $"{id}"), ("yes", Names(says, ConsentStatus.Given))] }, cancellationToken);
        var address = person.Email?.Open(key, db.TenantId, person.Id, Participant.EmailColumn);
        var isMailed = address is { Length: > 0 } && await letters.SendReceiptAsync(receipt, visit.Name, address, secret, http, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new KeptAnswer(receipt, secret, says, [.. wanted.Where(one => one.Status == ConsentStatus.Withdrawn).Select(one => one.Purpose)], isMailed), null);
    }

    /// <summary>One record for each use of which he says something else than what counts now; a yes that he takes back is a withdrawal, and another no is the same no.</summary>
    private static List<NewConsent> Wanted(ConsentRequest request, Answer answer, Dictionary<Purpose, ConsentStatus> states, ShownText shown)
    {
        List<NewConsent> wanted = [];
        foreach (var purpose in request.Asked)
        {
            ConsentStatus? now = states.TryGetValue(purpose, out var known) ? known : null;
            var said = answer.Yes.Contains(purpose) ? ConsentStatus.Given
                : now is ConsentStatus.Given or ConsentStatus.Withdrawn ? ConsentStatus.Withdrawn
                : ConsentStatus.Refused;
            if (said != now)
                wanted.Add(new NewConsent(request.ParticipantId, purpose, said, ConsentMethod.Page) { TextVersion = shown.Version, Language = shown.Language });
        }

        return wanted;
    }

    private static string Names(Dictionary<Purpose, ConsentStatus> says, ConsentStatus status) => string.Join(' ', says.Where(one => one.Value == status).Select(one => one.Key.Name()));
}
