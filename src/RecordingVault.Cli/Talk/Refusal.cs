using System.Net;
using System.Text.Json;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Talk;

/// <summary>What a vault's no means to the person at the terminal: the title of its problem, and what a script learns.</summary>
internal static class Refusal
{
    private const int LongestProblem = 64 * 1024;
    private const int LongestSentence = 600;

    /// <summary>Whether the same request may be taken later: what the tus server locks, bounds or can't do just now.</summary>
    public static bool MayPass(HttpStatusCode status) => status is HttpStatusCode.Locked or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || ((int)status >= 500 && status is not (HttpStatusCode.InsufficientStorage or HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported));

    public static async Task<CommandException> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = answer.StatusCode;
        if ((int)status is >= 300 and < 400)
        {
            var elsewhere = answer.Headers.Location is { IsAbsoluteUri: true } other ? $" to {ShownText.Of(other.Host)}" : "";
            return new CommandException(ExitCode.Refused, $"The address redirects{elsewhere}. The token was not sent on; sign in with the vault's own address if you trust that one.");
        }

        return new CommandException(CodeOf(status), await SentenceAsync(answer, cancellationToken) ?? Usual(status));
    }

    private static ExitCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ExitCode.NotSignedIn,
        HttpStatusCode.NotFound => ExitCode.Missing,
        _ when MayPass(status) => ExitCode.Unreachable,
        _ => ExitCode.Refused,
    };

    private static string Usual(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "The vault does not know this token, or not any more. Run `vault login`.",
        HttpStatusCode.NotFound => "There is nothing here that you may see.",
        _ => $"The vault answered {(int)status} and no reason.",
    };

    private static async Task<string?> SentenceAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized || answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        try
        {
            var problem = JsonDocument.Parse(await BoundedBody.ReadAsync(answer, LongestProblem, cancellationToken));
            using (problem)
            {
                var title = problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("title", out var told) && told.ValueKind == JsonValueKind.String ? told.GetString() : null;
                return string.IsNullOrWhiteSpace(title) ? null : ShownText.Of(title.Length > LongestSentence ? title[..LongestSentence] : title);
            }
        }
        catch (Exception unread) when (unread is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            return null; // the status says enough
        }
    }
}
