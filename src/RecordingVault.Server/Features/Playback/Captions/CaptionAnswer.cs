using System.Text;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Streaming;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback.Captions;

/// <summary>Answers with captions that the gate let out: read whole, written anew, sent whole. Like a film they are watched and counted while they are sent.</summary>
internal sealed class CaptionAnswer(RunningReleases running, ContentAnswer answer) : IDisposable
{
    /// <summary>Beyond it the rest of a file is left out: a day of talking is shorter.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    // A text is many times its bytes while it is parsed, and a link may be opened often.
    private readonly SemaphoreSlim turns = new(2);

    public void Dispose() => turns.Dispose();

    public async Task WriteAsync(HttpContext http, ReleaseDecision decision)
    {
        if (decision is not ReleaseDecision.Allowed { Release: var release })
        {
            await ContentAnswer.RefuseAsync(http, ((ReleaseDecision.Refused)decision).Reasons);
            return;
        }

        using (release)
        {
            using var response = running.TryBegin(release, http.Abort);
            if (response is null)
            {
                await StreamProblems.TooMany.WriteAsync(http);
                return;
            }

            try
            {
                var text = await RewriteAsync(release, http.RequestAborted);
                answer.WriteCommonHeaders(http, release, "text/vtt");
                http.Response.ContentLength = text.Length;
                response.Sent(text.Length);
                await http.Response.Body.WriteAsync(text, http.RequestAborted);
            }
            catch (SealedFormatException damage)
            {
                await http.RequestServices.GetRequiredService<ReleaseBook>().TellDamageAsync(release.Asker, release.RecordingId, damage);
                await PlaybackProblems.Damaged.WriteAsync(http);
            }
            catch (MarkFailedException)
            {
                await http.RequestServices.GetRequiredService<ReleaseBook>().RefuseUnmarkedAsync(release, http.RequestAborted);
                await PlaybackProblems.MarkFailed.WriteAsync(http);
            }
            catch (OperationCanceledException)
            {
                http.Abort();
            }
        }
    }

    /// <summary>What stands in it, with its times. Whoever reads many takes a turn of his own for that.</summary>
    /// <exception cref="SealedFormatException">What is stored of it is damaged.</exception>
    public static async Task<IReadOnlyList<Cue>> ReadCuesAsync(OpenedRelease release, CancellationToken cancellationToken) => TimedText.Read(await ReadAsync(release, cancellationToken));

    /// <summary>With the note of the tag behind its head, which is read back.</summary>
    /// <exception cref="MarkFailedException">It does not say the tag.</exception>
    private static string Marked(string captions, UsageTag tag)
    {
        // Words on the film that would read like a note of ours stay words, and are no mark: a player shows the same letter.
        var marked = VttCarrier.Write(captions.Replace("\nNOTE", "\n&#78;OTE", StringComparison.Ordinal), tag);
        return marked is not null && VttCarrier.Read(marked) is [{ Value: var value }] && value == tag.Name ? marked : throw new MarkFailedException("The captions do not say the tag in force.");
    }

    /// <summary>Written anew, with the note of the tag. Whoever writes many takes a turn of his own for that.</summary>
    /// <exception cref="MarkFailedException">It does not say the tag.</exception>
    /// <exception cref="SealedFormatException">What is stored of it is damaged.</exception>
    public static async Task<byte[]> MarkAsync(OpenedRelease release, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetBytes(Marked(TimedText.Rewrite(await ReadAsync(release, cancellationToken)), release.Tag));

    private async Task<byte[]> RewriteAsync(OpenedRelease release, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return await MarkAsync(release, cancellationToken);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>A text as it is stored, and no more of it than the length beyond which the rest is left out.</summary>
    /// <exception cref="SealedFormatException">What is stored of it is damaged.</exception>
    public static async Task<byte[]> ReadBytesAsync(OpenedRelease release, CancellationToken cancellationToken)
    {
        if (release.Reader.Length == 0)
            return [];
        await using var part = await release.Reader.OpenRangeAsync(0, Math.Min(release.Reader.Length, MostBytes), cancellationToken);
        using var bytes = new MemoryStream();
        await part.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static async Task<string> ReadAsync(OpenedRelease release, CancellationToken cancellationToken) => Encoding.UTF8.GetString(await ReadBytesAsync(release, cancellationToken));
}
