using System.Globalization;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Processing.Making;

/// <summary>How the small pictures of the seek bar lie in their one sheet: row by row, the first at second 0.</summary>
/// <param name="StepSeconds">Seconds from one picture to the next.</param>
internal sealed record ThumbnailSheet(double StepSeconds, int Columns, int Rows, int Width, int Height)
{
    public int Count => Columns * Rows;
}

/// <summary>A sheet of at most a hundred small pictures over the whole length, made from key frames alone.</summary>
internal static class Thumbnails
{
    public const string MediaType = "image/jpeg";

    private const int Columns = 10;
    private const int Width = 160;
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>How the sheet will lie; null where there is nothing to lay out.</summary>
    public static ThumbnailSheet? Plan(MediaFacts facts)
    {
        if (facts.Video is not { } video || facts.Duration is not { } duration || duration.TotalSeconds < 2)
            return null;
        var step = Math.Max(2, Math.Ceiling(duration.TotalSeconds / AssetProcessing.MostPictures));
        var count = AssetProcessing.SheetCount(duration.TotalSeconds, step);
        var columns = Math.Min(Columns, count);
        var (width, height) = video.Rotation is 90 or 270 ? (video.Height, video.Width) : (video.Width, video.Height);
        var thumbHeight = Math.Clamp((int)Math.Round((double)Width * height / width / 2) * 2, 2, 4 * Width);
        return new ThumbnailSheet(step, columns, AssetProcessing.SheetRows(duration.TotalSeconds, step, columns), Width, thumbHeight);
    }

    /// <returns>A JPEG; empty where nothing could be decoded.</returns>
    public static Task<byte[]> MakeAsync(MediaDesk desk, ThumbnailSheet sheet, RunLimits limits, CancellationToken cancellationToken) => desk.ReadAsync(
        string.Create(CultureInfo.InvariantCulture, $"-map 0:v:0 -an -sn -dn -vf fps=1/{sheet.StepSeconds:F0}:start_time=0:round=up,scale={sheet.Width}:{sheet.Height},tile={sheet.Columns}x{sheet.Rows} -frames:v 1 -q:v 6 -c:v mjpeg -f image2pipe"),
        MostBytes, limits, cancellationToken, "-skip_frame nokey");
}
