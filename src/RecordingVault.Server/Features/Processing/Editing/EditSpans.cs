using System.Globalization;

namespace RecordingVault.Server.Features.Processing.Editing;

/// <summary>What is done with a span of a recording.</summary>
internal enum EditKind
{
    /// <summary>The picture stays, and nothing is heard.</summary>
    Mute,

    /// <summary>It is taken out, and what follows comes earlier.</summary>
    Cut,
}

/// <summary>A span of a recording's time.</summary>
/// <param name="From">Milliseconds from the beginning; the first one that it holds.</param>
/// <param name="To">Milliseconds; the first one that it does not hold.</param>
internal readonly record struct EditSpan(long From, long To, EditKind Kind)
{
    public long Length => To - From;

    public bool Meets(long from, long to) => From < to && from < To;
}

/// <summary>The spans of one copy in order, none over another: what is taken out is not muted too.</summary>
internal sealed class EditSpans
{
    public const int Most = 200;

    /// <summary>Milliseconds that have to be left.</summary>
    public const long Least = 1_000;

    private EditSpans(IReadOnlyList<EditSpan> all) => All = all;

    public static EditSpans None { get; } = new([]);

    public IReadOnlyList<EditSpan> All { get; }

    public IEnumerable<EditSpan> Cuts => All.Where(span => span.Kind == EditKind.Cut);

    public IEnumerable<EditSpan> Mutes => All.Where(span => span.Kind == EditKind.Mute);

    /// <summary>Milliseconds by which a copy is shorter.</summary>
    public long Removed => Cuts.Sum(span => span.Length);

    /// <summary>Joins what overlaps or touches, and takes from what is muted what is taken out.</summary>
    public static EditSpans Of(IEnumerable<EditSpan> spans)
    {
        var all = spans.Where(span => span.Length > 0).ToList();
        var cuts = Joined(all.Where(span => span.Kind == EditKind.Cut));
        var mutes = Joined(all.Where(span => span.Kind == EditKind.Mute)).SelectMany(mute => Without(mute, cuts));
        return new EditSpans([.. cuts.Concat(mutes).OrderBy(span => span.From)]);
    }

    /// <summary>As rows have them: <c>cut:1000-2500 mute:4000-4200</c>.</summary>
    public static EditSpans Read(string stored) => new([.. stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ReadOne)]);

    public override string ToString() => string.Join(' ', All.Select(span => string.Create(CultureInfo.InvariantCulture, $"{Name(span.Kind)}:{span.From}-{span.To}")));

    public static string Name(EditKind kind) => kind == EditKind.Cut ? "cut" : "mute";

    /// <summary>Whether any of it meets a part of the recording, both in milliseconds.</summary>
    public bool Meets(long from, long to) => All.Any(span => span.Meets(from, to));

    /// <summary>Milliseconds of a part of the recording that no span touches.</summary>
    public long Left(long from, long to) => to - from - All.Where(span => span.Meets(from, to)).Sum(span => Math.Min(span.To, to) - Math.Max(span.From, from));

    /// <summary>Where a moment of the recording is in the copy; one that was taken out is where the cut is.</summary>
    public long Place(long at) => at - Cuts.Where(span => span.From < at).Sum(span => Math.Min(span.To, at) - span.From);

    private static EditSpan ReadOne(string text)
    {
        var (colon, dash) = (text.IndexOf(':', StringComparison.Ordinal), text.IndexOf('-', StringComparison.Ordinal));
        return new EditSpan(
            long.Parse(text.AsSpan(colon + 1, dash - colon - 1), CultureInfo.InvariantCulture), long.Parse(text.AsSpan(dash + 1), CultureInfo.InvariantCulture),
            text.StartsWith("cut:", StringComparison.Ordinal) ? EditKind.Cut : EditKind.Mute);
    }

    private static List<EditSpan> Joined(IEnumerable<EditSpan> spans)
    {
        var joined = new List<EditSpan>();
        foreach (var span in spans.OrderBy(span => span.From))
        {
            if (joined.Count > 0 && joined[^1] is var last && span.From <= last.To)
                joined[^1] = last with { To = Math.Max(last.To, span.To) };
            else
                joined.Add(span);
        }

        return joined;
    }

    private static IEnumerable<EditSpan> Without(EditSpan mute, List<EditSpan> cuts)
    {
        var from = mute.From;
        foreach (var cut in cuts.Where(cut => cut.Meets(mute.From, mute.To)))
        {
            if (cut.From > from)
                yield return mute with { From = from, To = cut.From };
            from = Math.Max(from, cut.To);
        }

        if (from < mute.To)
            yield return mute with { From = from };
    }
}
