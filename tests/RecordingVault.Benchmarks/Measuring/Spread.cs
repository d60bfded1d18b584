using System.Globalization;

namespace RecordingVault.Benchmarks.Measuring;

/// <summary>Median, least and most of a few rounds.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    public string Show(string format = "0.00") => string.Create(
        CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} [{Least.ToString(format, CultureInfo.InvariantCulture)}–{Most.ToString(format, CultureInfo.InvariantCulture)}]");
}
