using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A text in a change: absent leaves it as it is, null takes it away.</summary>
[JsonConverter(typeof(Reader))]
internal readonly record struct TextChange(bool IsGiven, string? Value)
{
    private sealed class Reader : JsonConverter<TextChange>
    {
        public override bool HandleNull => true;

        public override TextChange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => new TextChange(true, null),
            JsonTokenType.String => new TextChange(true, reader.GetString()),
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, TextChange value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
