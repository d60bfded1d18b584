using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public sealed partial class SealDrawingTests
{
    [Theory]
    [InlineData(SealSize.Small)]
    [InlineData(SealSize.Large)]
    [InlineData(SealSize.Door)]
    public void The_same_digest_draws_the_same_seal_inside_its_square(SealSize size)
    {
        var digest = SHA256.HashData("one recording"u8);

        var path = SealDrawing.Draw(digest, size);

        Assert.Equal(path, SealDrawing.Draw(digest, size));
        Assert.NotEqual(path, SealDrawing.Draw(SHA256.HashData("another"u8), size));
        Assert.All(Points(path), point => Assert.InRange(point, 0, SealDrawing.Square(size)));
    }

    [Fact]
    public void A_seal_is_not_drawn_from_too_little() =>
        Assert.Throws<ArgumentException>(() => SealDrawing.Draw(new byte[6], SealSize.Small));

    [Fact]
    public void A_small_seal_is_small_enough_for_a_page_of_tiles() =>
        Assert.InRange(SealDrawing.Draw(SHA256.HashData("a tile"u8), SealSize.Small).Length, 500, 4000);

    private static IEnumerable<double> Points(string path)
    {
        var (x, y) = (0.0, 0.0);
        foreach (Match step in Step().Matches(path))
        {
            var isStart = step.Groups["kind"].Value is "M";
            x = Number(step, "x") + (isStart ? 0 : x);
            y = Number(step, "y") + (isStart ? 0 : y);
            yield return x;
            yield return y;
        }
    }

    private static double Number(Match step, string name) => double.Parse(step.Groups[name].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<kind>[Ml])(?<x>-?[\d.]+)\s?(?<y>-?[\d.]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
