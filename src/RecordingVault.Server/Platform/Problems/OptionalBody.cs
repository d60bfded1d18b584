using System.Text.Json;

namespace RecordingVault.Server.Platform.Problems;

/// <summary>
/// A JSON body that may be left out. The framework's own binding asks for a content type even where it takes no body, and a script that posts
/// nothing sends none.
/// </summary>
internal sealed record OptionalBody<T>(T? Value, Problem? Wrong)
    where T : class
{
    public static async Task<OptionalBody<T>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > LongestBody)
                return new OptionalBody<T>(null, Problem.TooLarge);
        }

        try
        {
            return new OptionalBody<T>(bytes.Length == 0 ? null : JsonSerializer.Deserialize<T>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), JsonSerializerOptions.Web), null);
        }
        catch (JsonException)
        {
            return new OptionalBody<T>(null, Problem.BadRequest);
        }
    }

    private const int LongestBody = 64 * 1024;
}
