using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Answers a request for content with what the gate let out: whole, a range, or only its headers. The first chunk is verified before the status
/// line is sent; damage behind it cuts the connection, so that a reader never takes a part for the whole.
/// </summary>
internal sealed class ContentAnswer(RunningReleases running, PublicAddress address)
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
            var tag = ContentTag.Of(release.Asset.Id);
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
                http.Response.ContentLength = release.Asset.Length;
                return;
            }

            await WriteRangeAsync(http, release, tag, Range(http, release, tag), fileName);
        }
    }

    public static Task RefuseAsync(HttpContext http, IReadOnlyList<Problem> reasons) => reasons[0].WriteAsync(http);

    private static ByteRange Range(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag)
    {
        var range = ContentPreconditions.AllowsRange(http.Request.Headers, tag) ? ByteRange.Read(http.Request.Headers.Range, release.Asset.Length) : ByteRange.Whole(release.Asset.Length);
        return range.Kind == ByteRangeKind.Several && release.Purpose == ReleasePurpose.Download ? ByteRange.Whole(release.Asset.Length) : range;
    }

    private async Task WriteRangeAsync(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag, ByteRange range, string? fileName)
    {
        if (range.Kind is ByteRangeKind.Several or ByteRangeKind.Unsatisfiable)
        {
            running.Note(release);
            http.Response.Headers.ContentRange = $"bytes */{release.Asset.Length}";
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
            await PlaybackProblems.TooManyStreams.WriteAsync(http);
            return;
        }

        try
        {
            await using var body = await release.Reader.OpenRangeAsync(range.Offset, range.Length, aborting.Token);
            WriteHeaders(http, release, tag, fileName);
            http.Response.ContentLength = range.Length;
            if (range.Kind == ByteRangeKind.Part)
            {
                http.Response.StatusCode = StatusCodes.Status206PartialContent;
                http.Response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{release.Asset.Length}";
            }

            await SendAsync(http, body, response, aborting.Token);
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

    private static async Task SendAsync(HttpContext http, AssetRange body, RunningRelease response, CancellationToken cancellationToken)
    {
        // A paused player reads nothing for minutes. The watch gives up on it after ten; the server's own limit would after seconds.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } slowest)
            slowest.MinDataRate = null;
        await body.CopyToAsync(http.Response.BodyWriter, response.Sent, cancellationToken);
    }

    private void WriteHeaders(HttpContext http, OpenedRelease release, EntityTagHeaderValue tag, string? fileName)
    {
        var media = ServedMedia.Of(release.Asset.MediaType);
        var headers = http.Response.Headers;
        headers.ContentType = fileName is null ? media.Inline : media.Attachment;
        headers.ContentDisposition = fileName is null ? "inline" : AttachmentName.Header(AttachmentName.Of(fileName, media.Extension));
        headers.ETag = tag.ToString();
        headers.AcceptRanges = "bytes";
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        UsageHeaders.Write(http.Response, release.Tag, address.Root(http.Request));
    }
}
