using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Answers a request for content with what the gate let out: whole, a range, or only its headers. The first chunk is verified before the status
/// line is sent; damage behind it cuts the connection, so that a reader never takes a part for the whole.
/// </summary>
internal sealed class ContentAnswer(RunningReleases running, PacedSending sending, PublicAddress address)
{
    private const string ContentPolicy = "sandbox; default-src 'none'";

    /// <param name="fileName">Name of the file that a download is saved as; null where it is shown.</param>
    public async Task WriteAsync(HttpContext http, ReleaseDecision decision, string? fileName)
    {
        if (decision is not ReleaseDecision.Allowed { Release: var release })
        {
            await RefuseAsync(http, ((ReleaseDecision.Refused)decision).Reasons);
            return;
        }

        using (release)
        {
            var tag = ContentTag.Of(release.Asset.Id, release.Mark is { Digest: var front } ? front.Span : default);
            switch (ContentPreconditions.Of(http.Request.Headers, tag))
            {
                case ContentPrecondition.Failed:
                    await PlaybackProblems.PreconditionFailed.WriteAsync(http);
                    return;
                case ContentPrecondition.NotModified:
                    running.Note(release);
                    WriteHeaders(http, release, tag, fileName);
                    http.Response.ContentType = null;
                    http.Response.StatusCode = StatusCodes.Status304NotModified;
                    return;
            }

            // HEAD tells of the whole: only GET knows ranges (RFC 9110, 14.2).
            if (HttpMethods.IsHead(http.Request.Method))
            {
                running.Note(release);
                WriteHeaders(http, release, tag, fileName);
                http.Response.ContentLength = release.Bytes.Length;
                return;
            }

            await WriteRangeAsync(http, release, tag, PacedSending.Shorten(Range(http, release, tag), release), fileName);
        }
    }

    public static Task RefuseAsync(HttpContext http, IReadOnlyList<Problem> reasons) => reasons[0].WriteAsync(http);

    private static ByteRange Range(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag)
    {
        var range = ContentPreconditions.AllowsRange(http.Request.Headers, tag) ? ByteRange.Read(http.Request.Headers.Range, release.Bytes.Length) : ByteRange.Whole(release.Bytes.Length);
        return range.Kind == ByteRangeKind.Several && release.Purpose == ReleasePurpose.Download ? ByteRange.Whole(release.Bytes.Length) : range;
    }

    private async Task WriteRangeAsync(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag, ByteRange range, string? fileName)
    {
        if (range.Kind is ByteRangeKind.Several or ByteRangeKind.Unsatisfiable)
        {
            running.Note(release);
            http.Response.Headers.ContentRange = $"bytes */{release.Bytes.Length}";
            http.Response.Headers.AcceptRanges = "bytes";
            await (range.Kind == ByteRangeKind.Several ? PlaybackProblems.SeveralRanges : PlaybackProblems.RangeUnsatisfiable).WriteAsync(http);
            return;
        }

        using var aborting = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        using var response = running.TryBegin(release, () =>
        {
            // The token ends our own work; the reset ends a write that the client keeps waiting. Who waits on the token must not go on here: the watch holds its lock,
            // and the connection is reset for this request, before it carries another one.
            _ = aborting.CancelAsync();
            http.Abort();
        });
        if (response is null)
        {
            await StreamProblems.TooMany.WriteAsync(http);
            return;
        }

        try
        {
            await using var body = await release.Bytes.OpenRangeAsync(range.Offset, PacedSending.First(range, release), aborting.Token);
            WriteHeaders(http, release, tag, fileName);
            http.Response.ContentLength = range.Length;
            if (range.Kind == ByteRangeKind.Part)
            {
                http.Response.StatusCode = StatusCodes.Status206PartialContent;
                http.Response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{release.Bytes.Length}";
            }

            AllowStandstill(http);
            await sending.SendAsync(http, release, range, body, response, aborting.Token);
        }
        catch (SealedFormatException damage)
        {
            await http.RequestServices.GetRequiredService<ReleaseBook>().TellDamageAsync(release.Asker, release.RecordingId, damage);
            if (http.Response.HasStarted)
                http.Abort();
            else
                await PlaybackProblems.Damaged.WriteAsync(http);
        }
        catch (OperationCanceledException)
        {
            // Stopped by the watch, or the client is gone. What was sent must not look like all there is.
            http.Abort();
        }
    }

    /// <summary>A paused player reads nothing for minutes. The watch gives up on it after ten; the server's own limit would after seconds.</summary>
    public static void AllowStandstill(HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } slowest)
            slowest.MinDataRate = null;
    }

    private void WriteHeaders(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag, string? fileName)
    {
        var media = release.IsUnmarked ? ServedMedia.Plain : ServedMedia.Of(release.Asset);
        WriteCommonHeaders(http, release, fileName is null ? media.Inline : media.Attachment);
        var headers = http.Response.Headers;
        headers.ContentDisposition = fileName is null ? (release.IsUnmarked ? "attachment" : "inline") : AttachmentName.Header(AttachmentName.Of(fileName, media.Extension));
        headers.ETag = tag.ToString();
        headers.AcceptRanges = "bytes";
    }

    /// <summary>Of all content, also of what is made while it is answered and so has neither tag nor ranges.</summary>
    public void WriteCommonHeaders(HttpContext http, OpenedRelease release, string mediaType)
    {
        var headers = http.Response.Headers;
        headers.ContentType = mediaType;
        headers.ContentDisposition = "inline";
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        MarkHeaders.Write(http.Response, release.Tag, address.Root(http.Request));
    }
}
