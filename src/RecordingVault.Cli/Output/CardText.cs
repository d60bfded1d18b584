using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RecordingVault.Vault.Format;

namespace RecordingVault.Cli.Output;

/// <summary>A card as a file that people and programs read: what docs/sealed-format.md, section 6, says of the recording.</summary>
internal static class CardText
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(Card card)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, Readable);
        json.WriteStartObject();
        json.WriteString("tenant", card.TenantId);
        json.WriteString("recording", card.RecordingId);
        json.WriteString("title", card.Title);
        json.WriteString("recordedAt", card.RecordedAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteStartArray("people");
        foreach (var person in card.People)
        {
            json.WriteStartObject();
            json.WriteString("name", person.Name);
            json.WriteString("email", person.Email);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("usageTag", card.UsageTag);
        json.WriteString("label", card.Label);
        json.WriteBoolean("holdSet", card.HoldSet);
        json.WriteString("retentionDate", card.RetentionDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.Flush();
        text.Write("\n"u8);
        return text.WrittenMemory;
    }
}
