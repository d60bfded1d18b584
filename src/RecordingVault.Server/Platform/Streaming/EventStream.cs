using System.Text.Json;

namespace RecordingVault.Server.Platform.Streaming;

/// <summary>Server-sent events on their way to one page. The only place that writes their frames: what a line holds is our own JSON, which has no line ends.</summary>
internal sealed class EventStream
{
    private readonly HttpResponse response;

    private EventStream(HttpResponse response) => this.response = response;

    public static EventStream Begin(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        // Proxies that gather small writes would keep the one word that must not wait.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(http.Response);
    }

    public Task TellAsync<T>(string name, T data, CancellationToken cancellationToken) =>
        WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n", cancellationToken);

    /// <summary>A comment, so that whoever stands between takes the line for living.</summary>
    public Task BeatAsync(CancellationToken cancellationToken) => WriteAsync(": heartbeat\n\n", cancellationToken);

    private async Task WriteAsync(string frame, CancellationToken cancellationToken)
    {
        await response.WriteAsync(frame, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
