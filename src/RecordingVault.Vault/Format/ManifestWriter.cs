using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RecordingVault.Vault.Format;

/// <summary>Writes manifests and cards canonically: members in the document's order, no white space, no escapes that JSON does not ask for.</summary>
internal static class ManifestWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Manifest manifest, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, Options);
        json.WriteStartObject();
        json.WriteNumber("format"u8, 1);
        json.WriteString("tenant"u8, manifest.TenantId);
        json.WriteString("recording"u8, manifest.RecordingId);
        json.WriteNumber("seq"u8, manifest.Sequence);
        if (manifest.PreviousDigest is { } previous) json.WriteString("previous"u8, Convert.ToHexStringLower(previous.Span));
        else json.WriteNull("previous"u8);
        json.WriteStartArray("assets"u8);
        foreach (var asset in manifest.Assets) Write(asset, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Card card, long sequence, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, Options);
        json.WriteStartObject();
        json.WriteNumber("format"u8, 1);
        json.WriteString("tenant"u8, card.TenantId);
        json.WriteString("recording"u8, card.RecordingId);
        json.WriteNumber("seq"u8, sequence);
        json.WriteString("title"u8, card.Title);
        json.WriteString("recordedAt"u8, card.RecordedAt is { } recordedAt ? CardReader.Write(recordedAt) : null);
        json.WriteStartArray("people"u8);
        foreach (var person in card.People)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, person.Name);
            json.WriteString("email"u8, person.Email);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("usageTag"u8, card.UsageTag);
        json.WriteString("label"u8, card.Label);
        json.WriteBoolean("holdSet"u8, card.HoldSet);
        json.WriteString("retentionDate"u8, card.RetentionDate is { } date ? CardReader.Write(date) : null);
        json.WriteEndObject();
    }

    private static void Write(ManifestAsset asset, Utf8JsonWriter json)
    {
        Span<char> salt = stackalloc char[2 * SealedHeader.SaltLength];
        json.WriteStartObject();
        json.WriteString("id"u8, asset.Id);
        json.WriteNumber("role"u8, (int)asset.Role);
        json.WriteString("mediaType"u8, asset.MediaType);
        json.WriteNumber("length"u8, asset.Length);
        json.WriteStartArray("segments"u8);
        foreach (var segment in asset.Segments)
        {
            if (!Convert.TryToHexStringLower(segment.Salt.Span, salt, out var written)) throw new ArgumentException("A salt has 32 bytes.", nameof(asset));
            json.WriteStartObject();
            json.WriteString("id"u8, segment.ObjectId);
            json.WriteString("salt"u8, salt[..written]);
            json.WriteNumber("length"u8, segment.PlaintextLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
