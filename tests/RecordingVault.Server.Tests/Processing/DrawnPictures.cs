using System.Diagnostics;
using System.Globalization;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Single pictures of films of 320 by 180, as ffmpeg decodes them outside of any sandbox.</summary>
internal static class DrawnPictures
{
    private const int Width = 320, Height = 180;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <returns>Path of a file with that content.</returns>
    public static async Task<string> KeepAsync(byte[] content)
    {
        var path = Path.Combine(Path.GetDirectoryName(await MediaSamples.PathAsync("plain.mp4", Ct))!, $"{Guid.NewGuid()}.mp4");
        await File.WriteAllBytesAsync(path, content, Ct);
        return path;
    }

    public static async Task<double> DifferenceAsync(string one, string other, double second, int y, int height) =>
        Mean(await PixelsAsync(one, second, y, height), await PixelsAsync(other, second, y, height));

    /// <summary>How much two pictures differ in brightness, 0 to 255 on average.</summary>
    public static double Mean(byte[] one, byte[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other, (a, b) => Math.Abs(a - b)).Average();
    }

    /// <summary>The brightness of a strip of one picture, pixel by pixel.</summary>
    public static async Task<byte[]> PixelsAsync(string path, double second, int y = 0, int height = Height)
    {
        var arguments = string.Create(CultureInfo.InvariantCulture, $"-v error -nostdin -i \"{path}\" -ss {second} -frames:v 1 -vf crop={Width}:{height}:0:{y} -pix_fmt gray -f rawvideo -");
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var pixels = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(pixels, Ct);
        await process.WaitForExitAsync(Ct);
        Assert.Equal(Width * height, pixels.Length);
        return pixels.ToArray();
    }
}
