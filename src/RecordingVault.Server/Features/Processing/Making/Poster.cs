using System.Globalization;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Features.Processing.Making;

/// <summary>The picture by which a recording is known: a tenth of the way in, past black frames and titles, at most 1280 pixels wide.</summary>
internal static class Poster
{
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan LatestStart = TimeSpan.FromMinutes(2);

    public const string MediaType = "image/jpeg";

    /// <returns>A JPEG; empty where the film has no picture that can be decoded.</returns>
    public static async Task<byte[]> MakeAsync(MediaDesk desk, MediaFacts facts, CancellationToken cancellationToken)
    {
        var tenth = (facts.Duration ?? TimeSpan.Zero) / 10;
        var start = tenth < LatestStart ? tenth : LatestStart;
        var picture = await TakeAsync(desk, start, cancellationToken);
        // What can't be sought in gives nothing but at its beginning.
        return picture.Length > 0 || start == TimeSpan.Zero ? picture : await TakeAsync(desk, TimeSpan.Zero, cancellationToken);
    }

    private static Task<byte[]> TakeAsync(MediaDesk desk, TimeSpan start, CancellationToken cancellationToken) => desk.ReadAsync(
        "-map 0:v:0 -an -sn -dn -vf thumbnail=12,scale=w='min(1280,iw)':h=-2 -frames:v 1 -q:v 4 -c:v mjpeg -f image2pipe",
        MostBytes, RunLimits.Short, cancellationToken, string.Create(CultureInfo.InvariantCulture, $"-ss {start.TotalSeconds:F3}"));
}
