namespace RecordingVault.Benchmarks.Measuring;

/// <summary>The figures of one suite: for each mode and metric one value a round.</summary>
internal sealed class Measures
{
    private readonly Dictionary<(string Mode, string Metric), List<double>> values = [];

    public void Add(string mode, string metric, double value)
    {
        if (!values.TryGetValue((mode, metric), out var rounds))
            values[(mode, metric)] = rounds = [];
        rounds.Add(value);
    }

    public Spread Of(string mode, string metric) => Spread.Of(values[(mode, metric)]);

    /// <summary>Divided round by round: what a noisy machine does to both sides of a round falls out.</summary>
    public Spread Ratio(string mode, string baseline, string metric) => Ratio((mode, metric), (baseline, metric));

    public Spread Ratio((string Mode, string Metric) of, (string Mode, string Metric) by) => Spread.Of(values[of].Zip(values[by], (mine, theirs) => mine / theirs));

    /// <summary>The last round by the first: whether something grows with use.</summary>
    public double Growth(string mode, string metric) => values[(mode, metric)][^1] / values[(mode, metric)][0];

    public bool Has(string mode, string metric) => values.ContainsKey((mode, metric));
}
