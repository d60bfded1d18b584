using System.Globalization;

namespace RecordingVault.Benchmarks.Loopback;

/// <summary>Request heads as text.</summary>
internal static class Requests
{
    public static string Get(int port, string path, string? token = null, (long From, long To)? range = null) =>
        Head("GET", port, path, token, range is { } part ? [$"Range: bytes={part.From}-{part.To}"] : []);

    public static string Put(int port, string path, long length) => Head("PUT", port, path, null, [Length(length)]);

    public static string CreateUpload(int port, string path, long length, string? token) =>
        Head("POST", port, path, token, ["Tus-Resumable: 1.0.0", string.Create(CultureInfo.InvariantCulture, $"Upload-Length: {length}"), "Upload-Metadata: filename ZmlsbS5tcDQ=", "Content-Length: 0"]);

    public static string Append(int port, string path, long length, string? token) =>
        Head("PATCH", port, path, token, ["Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream", Length(length)]);

    private static string Length(long length) => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}");

    private static string Head(string method, int port, string path, string? token, string[] more)
    {
        string[] lines = [$"{method} {path} HTTP/1.1", $"Host: localhost:{port}", .. token is null ? [] : new[] { $"Authorization: Bearer {token}" }, .. more, "", ""];
        return string.Join("\r\n", lines);
    }
}
