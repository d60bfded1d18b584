using RecordingVault.Server.Features.Playback.Marking;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Sends what may be watched and not kept: in short answers, and no further ahead of its playing than <see cref="StreamPace.Most"/>.</summary>
internal sealed class PacedSending(StreamPaces paces, TimeProvider time)
{
    private const int LongestStep = 256 * 1024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>A range is answered in part (RFC 9110, 15.3.7): players ask for the rest by themselves. Who asks for the whole gets the whole, by and by.</summary>
    public static ByteRange Shorten(ByteRange range, OpenedRelease release) => release.PacedBytesPerSecond is { } rate && range.Kind == ByteRangeKind.Part
        ? range with { Length = Math.Min(range.Length, StreamPace.PieceLength(rate)) }
        : range;

    /// <summary>How much is opened before the status line; the rest follows by <see cref="SendAsync"/>.</summary>
    public static long First(ByteRange range, OpenedRelease release) => release.PacedBytesPerSecond is { } rate ? Math.Min(range.Length, Step(rate)) : range.Length;

    /// <param name="first">The beginning of the range, opened.</param>
    public async Task SendAsync(HttpContext http, OpenedRelease release, ByteRange range, ServedRange first, RunningRelease response, CancellationToken cancellationToken)
    {
        if (release.PacedBytesPerSecond is not { } rate)
        {
            await first.CopyToAsync(http.Response.BodyWriter, response.Sent, cancellationToken);
            return;
        }

        var pace = paces.Of(release.TenantId, release.Asker.GrantId, release.RecordingId);
        var run = pace.Begin(release.Asset.Id, range.Offset, rate);
        var (offset, end) = (range.Offset, range.Offset + range.Length);
        while (offset < end)
        {
            var count = (int)Math.Min(end - offset, Step(rate));
            while (!pace.TryTake(run, offset, count, rate))
            {
                // Who waits knows at least that he is answered.
                if (!http.Response.HasStarted)
                    await http.Response.Body.FlushAsync(cancellationToken);
                await Task.Delay(Look, time, cancellationToken);
            }

            if (offset == range.Offset)
            {
                await first.CopyToAsync(http.Response.BodyWriter, response.Sent, cancellationToken);
            }
            else
            {
                await using var next = await release.Bytes.OpenRangeAsync(offset, count, cancellationToken);
                await next.CopyToAsync(http.Response.BodyWriter, response.Sent, cancellationToken);
            }

            offset += count;
        }
    }

    private static long Step(double rate) => Math.Min(LongestStep, StreamPace.PieceLength(rate));
}
