using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Asking;

/// <summary>
/// Writes what a receipt says: a consent record in JSON-LD, in the terms of the W3C's Data Privacy Vocabulary and with the fields of ISO/IEC TS 27560:2023, as its guide of February 2026 maps them.
/// It is signed as it stands, by the organisation's key for packages.
/// </summary>
internal sealed class ReceiptWriting(VaultDbContext db, PageFrames frames, PublicAddress address, TimeProvider time)
{
    private const string Ours = "urn:recordingvault:purpose:";

    public async Task<ReadOnlyMemory<byte>> WriteAsync(
        ConsentVisit visit, Guid receiptId, Answer answer, ShownText shown, IReadOnlyDictionary<Purpose, ConsentStatus> says, OwnerKey key, CancellationToken cancellationToken)
    {
        var request = visit.Request;
        var tenant = await frames.TenantNameAsync(cancellationToken);
        var recording = await db.Recordings.AsNoTracking().SingleAsync(row => row.Id == request.RecordingId, cancellationToken);
        var original = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id)
            .Select(asset => new { asset.Id, asset.ContentDigest }).FirstOrDefaultAsync(cancellationToken);
        var regions = await db.ConsentRegions.AsNoTracking().OrderBy(region => region.Code).Select(region => region.Code).ToListAsync(cancellationToken);
        var texts = new PublicTexts(CultureInfo.GetCultureInfo(answer.Language));
        var title = recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn);
        var own = shown.Words?.Filled(new QuestionFacts(visit.Name, tenant, title, recording.RecordedAt ?? recording.CreatedAt, request.ExpiresAt), shown.Culture);
        return Json(json =>
        {
            json.WriteStartObject("@context");
            json.WriteString("dpv", "https://w3id.org/dpv#");
            json.WriteString("dct", "http://purl.org/dc/terms/");
            json.WriteString("ai", "https://w3id.org/dpv/ai#");
            json.WriteString("loc", "https://w3id.org/dpv/loc#");
            json.WriteEndObject();
            json.WriteString("@type", "dpv:ConsentRecord");
            json.WriteString("dct:conformsTo", "https://w3id.org/dpv/schema/dpv-27560#record");
            json.WriteString("dct:identifier", $"urn:uuid:{receiptId}");
            json.WriteString("dct:created", Time(time.Now()));
            Thing(json, "dpv:hasDataSubject", "dpv:DataSubject", $"urn:uuid:{request.ParticipantId}", visit.Name);
            Thing(json, "dpv:hasDataController", "dpv:DataController", $"urn:uuid:{request.TenantId}", tenant);
            if (regions.Count > 0)
            {
                json.WriteStartArray("dpv:hasJurisdiction");
                foreach (var region in regions)
                    json.WriteStringValue("loc:" + region);
                json.WriteEndArray();
            }

            json.WriteStartObject("dpv:hasData");
            json.WriteString("@type", "dpv:PersonalData");
            json.WriteString("@id", $"urn:uuid:{recording.Id}");
            json.WriteString("dct:title", title);
            json.WriteString("dct:date", Time(recording.RecordedAt ?? recording.CreatedAt));
            if (original?.ContentDigest?.Open(key, recording.TenantId, original.Id, RecordingAsset.ContentDigestColumn) is { } digest)
                json.WriteString("sha256", digest);
            json.WriteEndObject();
            json.WriteStartObject("dpv:hasNotice");
            json.WriteString("@type", "dpv:ConsentNotice");
            json.WriteString("dct:identifier", shown.Version);
            json.WriteString("dct:language", shown.Language);
            // The vault's words are known by their version; an organisation's own stand here as he read them.
            if (own is not null)
            {
                json.WriteString("dct:title", own.Title);
                json.WriteString("dct:description", own.Text);
            }

            json.WriteEndObject();
            json.WriteString("signature", answer.Signature);
            json.WriteString("howSure", visit.Found.Receipt is not null ? "held the receipt" : request.IsMailed ? "reads the mail of the address that was asked" : "held the link");
            json.WriteStartArray("dpv:hasProcess");
            foreach (var (purpose, status) in says)
                Process(json, purpose, status, texts, own?.Uses.GetValueOrDefault(purpose.Name()));
            json.WriteEndArray();
            json.WriteStartObject("dpv:hasStorageCondition");
            json.WriteString("@type", "dpv:StorageCondition");
            json.WriteString("dct:description", texts["Consent.KeptUntil", tenant]);
            json.WriteEndObject();
            json.WriteStartObject("dpv:hasConsentControl");
            json.WriteString("@type", "dpv:WithdrawConsent");
            // Without its fragment: the document may be shown to others, and its holder alone takes it back.
            json.WriteString("dpv:isExercisedAt", $"{address.ConfiguredRoot}{ConsentPaths.Of(receiptId)}");
            json.WriteEndObject();
        });
    }

    private void Process(Utf8JsonWriter json, Purpose purpose, ConsentStatus status, PublicTexts texts, string? own)
    {
        json.WriteStartObject();
        json.WriteString("@type", "dpv:Process");
        json.WriteString("dpv:hasPurpose", Ours + purpose.Name());
        json.WriteString("dct:title", texts[$"Consent.Use.{purpose.Name()}"]);
        if (own is not null)
            json.WriteString("dct:description", own);
        json.WriteStartArray("dpv:hasProcessing");
        foreach (var term in Terms(purpose))
            json.WriteStringValue(term);
        json.WriteEndArray();
        json.WriteString("dpv:hasLegalBasis", "dpv:Consent");
        json.WriteStartObject("dpv:hasConsentStatus");
        json.WriteStartArray("@type");
        json.WriteStringValue(StatusOf(status));
        json.WriteStringValue("dpv:ExpressedConsent");
        json.WriteEndArray();
        json.WriteString("dpv:isIndicatedBy", "dpv:DataSubject");
        json.WriteString("dpv:hasIndicationMethod", "page");
        json.WriteString("dpv:isIndicatedAtTime", Time(time.Now()));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static IReadOnlyList<string> Terms(Purpose purpose) => purpose switch
    {
        Purpose.Keep => ["dpv:Record", "dpv:Store"],
        Purpose.ViewInternal => ["dpv:Use"],
        Purpose.ShareExternal => ["dpv:Share"],
        Purpose.Transcribe => ["dpv:Transform"],
        Purpose.AiInference => ["dpv:Analyse", "dpv:Infer"],
        Purpose.AiTraining => ["ai:ModelTraining"],
        _ => ["dpv:Analyse"],
    };

    private static string StatusOf(ConsentStatus status) => status switch
    {
        ConsentStatus.Given => "dpv:ConsentGiven",
        ConsentStatus.Refused => "dpv:ConsentRefused",
        ConsentStatus.Withdrawn => "dpv:ConsentWithdrawn",
        ConsentStatus.Expired => "dpv:ConsentExpired",
        ConsentStatus.Requested => "dpv:ConsentRequested",
        _ => "dpv:ConsentUnknown",
    };

    private static void Thing(Utf8JsonWriter json, string member, string type, string id, string name)
    {
        json.WriteStartObject(member);
        json.WriteString("@type", type);
        json.WriteString("@id", id);
        json.WriteString("dpv:hasName", name);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
