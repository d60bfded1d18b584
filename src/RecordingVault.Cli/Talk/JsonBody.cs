using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RecordingVault.Cli.Talk;

/// <summary>A message as the body of a request.</summary>
internal static class JsonBody
{
    public static HttpContent Of<T>(T message, JsonTypeInfo<T> shape) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(message, shape)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
