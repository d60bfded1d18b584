using System.Globalization;
using System.Text;

namespace RecordingVault.Benchmarks.Measuring;

/// <summary>One suite's result as Markdown: what was measured, then each promise with its floor and its goal.</summary>
internal sealed class Report(string title, Measures measures)
{
    private readonly StringBuilder text = new();
    private readonly List<string> promises = [];

    public Report Note(string line)
    {
        text.AppendLine(line).AppendLine();
        return this;
    }

    /// <summary>One row for each mode, one column for each metric; a dash where a mode has none.</summary>
    public Report Table(IReadOnlyList<string> modes, params (string Metric, string Format)[] columns)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", columns.Select(column => column.Metric))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var mode in modes)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {mode} | {string.Join(" | ", columns.Select(column => measures.Has(mode, column.Metric) ? measures.Of(mode, column.Metric).Show(column.Format) : "–"))} |");
        text.AppendLine();
        return this;
    }

    public Report AtLeast(string what, Spread result, double? floor, double? goal) => Promise(what, result, floor, goal, value => result.Median >= value, "≥ ");

    public Report AtMost(string what, Spread result, double? floor, double? goal, string format = "0.00") => Promise(what, result, floor, goal, value => result.Median <= value, "≤ ", format);

    public override string ToString()
    {
        var whole = new StringBuilder($"\n### {title}\n\n").Append(text);
        if (promises.Count > 0)
            whole.AppendLine("| promise | floor | goal | result, median [min–max] | |").AppendLine("|---|---|---|---|---|").AppendJoin('\n', promises).AppendLine();
        return whole.ToString();
    }

    private Report Promise(string what, Spread result, double? floor, double? goal, Func<double, bool> holds, string sign, string format = "0.00")
    {
        var verdict = goal is { } wanted && holds(wanted) ? "goal" : floor is { } least ? holds(least) ? "floor" : "**below the floor**" : goal is null ? "reported" : "**goal missed**";
        promises.Add($"| {what} | {Show(floor)} | {Show(goal)} | {result.Show(format)} | {verdict} |");
        return this;

        string Show(double? value) => value is { } limit ? sign + limit.ToString("0.##", CultureInfo.InvariantCulture) : "–";
    }
}
