using System.Globalization;
using System.Text;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>Draws the braided rings of a content digest: decoration with memory, not proof. The same digest draws the same rings everywhere.</summary>
public static class SealDrawing
{
    private const int DigestBytes = 7;

    private sealed record Ring(double Radius, double Depth, int Lobes);

    /// <summary>Path data in a square of <paramref name="size"/>, starting from the first seven bytes of the digest.</summary>
    public static string Draw(ReadOnlySpan<byte> digest, SealSize size)
    {
        if (digest.Length < DigestBytes)
        {
            throw new ArgumentException("A seal needs at least seven bytes of the digest.", nameof(digest));
        }

        Ring[] rings = size is SealSize.Small
            ? [new(.74, .15, 8 + digest[0] % 4), new(.42, .16, 4 + digest[1] % 4)]
            : [new(.84, .10, 18 + 2 * (digest[0] % 8)), new(.58, .155, 9 + digest[1] % 8), new(.30, .11, 5 + digest[2] % 8)];
        var phases = size switch { SealSize.Small => 2, SealSize.Door => 12, _ => 6 };

        var path = new StringBuilder();
        for (var index = 0; index < rings.Length; index++)
        {
            var swing = .25 + .5 * digest[3 + index] / 255;
            for (var phase = 0; phase < phases; phase++)
            {
                DrawRing(path, rings[index], swing, 2 * Math.PI * phase / phases, digest[6] / 40.0, size);
            }
        }

        return path.ToString();
    }

    public static int Square(SealSize size) => size switch { SealSize.Small => 40, SealSize.Door => 800, _ => 200 };

    private static void DrawRing(StringBuilder path, Ring ring, double swing, double phase, double twist, SealSize size)
    {
        var half = Square(size) / 2.0;
        var decimals = size is SealSize.Door ? 0 : 1;
        var steps = Math.Max(90, 8 * ring.Lobes);
        var (lastX, lastY) = (0.0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var turn = 2 * Math.PI * step / steps;
            var wave = (1 - .35 * swing) * Math.Sin(ring.Lobes * turn + phase)
                + .35 * swing * Math.Sin(2 * ring.Lobes * turn + 2 * phase + twist);
            var radius = half * (ring.Radius + ring.Depth * wave);
            var x = Math.Round(half + radius * Math.Cos(turn), decimals);
            var y = Math.Round(half + radius * Math.Sin(turn), decimals);

            // Steps between rounded points: half the length of absolute ones, and no drift.
            path.Append(step == 0 ? 'M' : 'l');
            Append(path, step == 0 ? x : x - lastX);
            var down = step == 0 ? y : y - lastY;
            if (down >= 0)
            {
                path.Append(' ');
            }

            Append(path, down);
            (lastX, lastY) = (x, y);
        }

        path.Append('z');
    }

    // Adding zero turns minus zero into zero.
    private static void Append(StringBuilder path, double value) =>
        path.Append(CultureInfo.InvariantCulture, $"{Math.Round(value, 1) + 0:0.#}");
}

public enum SealSize
{
    /// <summary>36 pixels, beside the seal line.</summary>
    Small,

    /// <summary>From 100 pixels.</summary>
    Large,

    /// <summary>The door of sign-in and first start.</summary>
    Door,
}
