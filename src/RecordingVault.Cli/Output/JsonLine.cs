using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RecordingVault.Cli.Output;

/// <summary>One object on one line. Everything beyond ASCII stands as its number, so that a terminal shows strangers' words as harmlessly as a program reads them.</summary>
internal static class JsonLine
{
    public static string Of(Action<Utf8JsonWriter> members)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
