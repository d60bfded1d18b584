using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>Everything that one certificate says.</summary>
/// <param name="Number">Counts the tenant's certificates from 1.</param>
/// <param name="Event">The number of the event recording.destroyed, in whose transaction it is written.</param>
/// <param name="BackupsUntil">From then on no copy of a wrapped key is left in a backup, as whoever runs the vault says.</param>
internal sealed record CertificateContent(
    Disposition Disposition, DispositionFacts Facts, TrashedBy? Trashed, CopiesOut Copies, string Organisation, int Number, long Event, DateTimeOffset At, DateTimeOffset BackupsUntil);

/// <summary>Writes a certificate of destruction (docs/certificates.md): what was destroyed, why, by whose word, how, what was looked at afterwards, and what remains elsewhere.</summary>
internal static class CertificateText
{
    public static byte[] Write(CertificateContent content)
    {
        var (row, facts) = (content.Disposition, content.Facts);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("certificate", row.Id);
            json.WriteNumber("number", content.Number);
            json.WriteString("issuedAt", Time(content.At));
            json.WriteStartObject("organisation");
            json.WriteString("id", row.TenantId);
            json.WriteString("name", content.Organisation);
            json.WriteEndObject();
            Recording(json, row, facts);
            Reason(json, row, content.Trashed);
            Method(json, facts);
            json.WriteStartObject("holds");
            json.WriteNumber("standing", 0);
            json.WriteNumber("lifted", facts.HoldsLifted);
            json.WriteString("checkedAt", Time(row.BegunAt));
            json.WriteEndObject();
            json.WriteStartObject("steps");
            json.WriteString("begun", Time(row.BegunAt));
            json.WriteString("keysDestroyed", Time(row.KeysDestroyedAt!.Value));
            json.WriteString("bytesDeleted", Time(row.BytesDeletedAt!.Value));
            json.WriteEndObject();
            json.WriteStartObject("verified");
            json.WriteString("at", Time(content.At));
            json.WriteNumber("wrapsInTable", 0);
            json.WriteNumber("keyObjects", 0);
            json.WriteNumber("objects", 0);
            json.WriteNumber("objectsDeleted", row.ObjectsDeleted);
            json.WriteBoolean("opens", false);
            json.WriteEndObject();
            Remains(json, content);
            json.WriteStartObject("log");
            json.WriteNumber("event", content.Event);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Recording(Utf8JsonWriter json, Disposition row, DispositionFacts facts)
    {
        json.WriteStartObject("recording");
        json.WriteString("id", row.RecordingId);
        Optional(json, "recordedAt", facts.RecordedAt);
        json.WriteString("createdAt", Time(facts.CreatedAt));
        Optional(json, "uploadedAt", facts.UploadedAt);
        json.WriteNumber("sizeInBytes", row.SizeInBytes);
        json.WriteString("label", facts.Label);
        json.WriteString("usageTag", facts.Tag);
        json.WriteStartObject("manifest");
        json.WriteNumber("sequence", facts.ManifestSequence);
        json.WriteString("sha256", facts.ManifestSha256);
        json.WriteEndObject();
        json.WriteStartArray("content");
        foreach (var asset in facts.Assets)
        {
            json.WriteStartObject();
            json.WriteString("asset", asset.Id);
            json.WriteString("role", asset.Role);
            json.WriteNumber("sizeInBytes", asset.SizeInBytes);
            json.WriteString("sha256", asset.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Reason(Utf8JsonWriter json, Disposition row, TrashedBy? trashed)
    {
        json.WriteStartObject("reason");
        json.WriteString("schedule", trashed?.Schedule);
        if (trashed is not null)
        {
            json.WriteStartObject("trashed");
            json.WriteString("at", Time(trashed.At));
            Party(json, trashed.ActorKind, trashed.ActorId);
            json.WriteNumber("event", trashed.Event);
            json.WriteEndObject();
        }

        json.WriteStartObject("destroyed");
        json.WriteString("why", row.ByKind == Vault.Audit.AuditActorKind.System ? "its time in the trash was over" : "emptied out of the trash by hand");
        Party(json, row.ByKind.ToString().ToLowerInvariant(), row.ById);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Method(Utf8JsonWriter json, DispositionFacts facts)
    {
        json.WriteStartObject("method");
        json.WriteString("name", "cryptographic-erase");
        json.WriteString("inTheMannerOf", "NIST SP 800-88r2");
        json.WriteString("cipher", "AES-256-GCM");
        json.WriteStartArray("keys");
        foreach (var key in facts.Keys)
        {
            json.WriteStartObject();
            json.WriteString("recordingKey", key.Id);
            json.WriteString("tenantKey", key.WrappedBy);
            json.WriteString("rootKey", facts.Root);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (facts.IsFromBefore)
            json.WriteString("note", "Its destruction had begun before this vault wrote certificates: which key and digests it had is not known any more.");
        json.WriteEndObject();
    }

    /// <summary>What nobody here destroyed, so that nobody relies on its being gone.</summary>
    private static void Remains(Utf8JsonWriter json, CertificateContent content)
    {
        json.WriteStartObject("remains");
        json.WriteString("backupsReadableUntil", Time(content.BackupsUntil));
        json.WriteString("backups", "Backups made before the keys were destroyed hold the sealed bytes, and copies of the wrapped key until this day, as whoever runs the vault has set it.");
        json.WriteString("log", "The log tells what was done, by ids. Reasons, and names of recipients and matters, that people wrote down for it stay in it.");
        json.WriteStartArray("copies");
        foreach (var copy in content.Copies.Copies)
        {
            json.WriteStartObject();
            json.WriteString("kind", copy.Kind);
            json.WriteString("at", Time(copy.At));
            json.WriteString("recipient", copy.Recipient);
            json.WriteString("for", copy.For);
            Party(json, copy.ActorKind, copy.ActorId);
            json.WriteNumber("event", copy.Event);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("moreCopies", content.Copies.HasMore);
        json.WriteEndObject();
    }

    private static void Party(Utf8JsonWriter json, string kind, Guid? id)
    {
        json.WriteStartObject("by");
        json.WriteString("kind", kind);
        if (id is { } known)
            json.WriteString("id", known);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, DateTimeOffset? at) => json.WriteString(name, at is { } known ? Time(known) : null);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
