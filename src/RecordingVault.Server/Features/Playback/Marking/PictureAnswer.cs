using System.Security.Cryptography;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;
using RecordingVault.Server.Platform.Streaming;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>
/// Answers with a poster or a sheet of thumbnails that the gate let out: read whole, with the mark of the tag in force in it, read back, sent whole. Such a picture is our own work
/// and small; what is no picture, or too large for one, does not leave.
/// </summary>
internal sealed class PictureAnswer(RunningReleases running, ContentAnswer answer) : IDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;

    // A page shows many at once, each of which lies in memory for a moment.
    private readonly SemaphoreSlim turns = new(8);

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

            await turns.WaitAsync(http.RequestAborted);
            try
            {
                await WriteAsync(http, release, response);
            }
            catch (SealedFormatException damage)
            {
                await http.RequestServices.GetRequiredService<ReleaseBook>().TellDamageAsync(release.Asker, release.RecordingId, damage);
                await PlaybackProblems.Damaged.WriteAsync(http);
            }
            catch (OperationCanceledException)
            {
                http.Abort();
            }
            finally
            {
                turns.Release();
            }
        }
    }

    private async Task WriteAsync(HttpContext http, OpenedRelease release, RunningRelease response)
    {
        if (await MarkAsync(release, http.RequestAborted) is not var (picture, front))
        {
            await http.RequestServices.GetRequiredService<ReleaseBook>().RefuseUnmarkedAsync(release, http.RequestAborted);
            await PlaybackProblems.MarkFailed.WriteAsync(http);
            return;
        }

        var tag = ContentTag.Of(release.Asset.Id, front);
        var condition = ContentPreconditions.Of(http.Request.Headers, tag);
        if (condition == ContentPrecondition.Failed)
        {
            await PlaybackProblems.PreconditionFailed.WriteAsync(http);
            return;
        }

        answer.WriteCommonHeaders(http, release, "image/jpeg");
        http.Response.Headers.ETag = tag.ToString();
        if (condition == ContentPrecondition.NotModified)
        {
            http.Response.ContentType = null;
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentLength = picture.Length;
        response.Sent(picture.Length);
        await http.Response.Body.WriteAsync(picture, http.RequestAborted);
    }

    /// <summary>The picture with its mark, and the digest of what holds it; null where there is no mark that says the tag.</summary>
    public static async Task<(byte[] Picture, byte[] Front)?> MarkAsync(OpenedRelease release, CancellationToken cancellationToken)
    {
        if (release.Bytes.Length is 0 or > MostBytes)
            return null;
        var bytes = new byte[release.Bytes.Length];
        using var into = new MemoryStream(bytes);
        await using (var whole = await release.Bytes.OpenRangeAsync(0, bytes.Length, cancellationToken))
            await whole.CopyToAsync(into, cancellationToken);
        var source = new MemorySource(bytes);
        if (await JpegCarrier.WriteAsync(source, new XmpMark(release.Tag), cancellationToken) is not { } splice)
            return null;
        var marked = await splice.ReadAllAsync(source, cancellationToken);
        return await JpegCarrier.PacketsAsync(new MemorySource(marked), cancellationToken) is [var packet] && MarkedFront.IsExactly(XmpPacket.Read(packet), release.Tag)
            ? (marked, SHA256.HashData(splice.Pieces.First(piece => piece.IsOwn).Bytes.Span)) : null;
    }
}
