using System.Net;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>The vault answered a step of an upload with something else than yes.</summary>
internal sealed class TusAnswerException(HttpStatusCode status, TimeSpan? retryAfter, CommandException refusal) : Exception(refusal.Message)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>What to end with, where it does not help to try again.</summary>
    public CommandException Refusal { get; } = refusal;

    /// <summary>How long the vault asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Its bytes are nowhere: the next run begins anew.</summary>
    public bool IsGone => status is HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotFound or HttpStatusCode.Gone;

    /// <summary>Somebody else moved the upload on, or our picture of it is old: its offset tells.</summary>
    public bool IsElsewhere => status == HttpStatusCode.Conflict;

    /// <summary>A full house that names no time won't empty itself while we wait.</summary>
    public bool MayPass => Talk.Refusal.MayPass(status) && (status != HttpStatusCode.TooManyRequests || RetryAfter is not null);

    public static async Task<TusAnswerException> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var pause = answer.Headers.RetryAfter?.Delta;
        var refusal = await Talk.Refusal.ReadAsync(answer, cancellationToken);
        return new TusAnswerException(answer.StatusCode, pause > LongestPause ? LongestPause : pause, refusal);
    }
}
