namespace RecordingVault.Server.Features.Sharing;

/// <summary>A stretch that was played without a jump, in seconds of the recording.</summary>
internal readonly record struct PlayedRange(double From, double To);

/// <summary>
/// How often each hundredth of a recording was played. A hundredth counts when playing passes its middle: reports come every few seconds and
/// cut one hundredth of a long recording into many pieces, and only one of them holds the middle.
/// </summary>
internal static class PlayedParts
{
    public const int Count = 100;
    private const char Most = '9';

    public static readonly string None = new('0', Count);

    public static string Add(string parts, IEnumerable<PlayedRange> ranges, double durationSeconds)
    {
        var counts = parts.ToCharArray();
        foreach (var range in ranges)
        {
            for (var part = 0; part < Count; part++)
            {
                var middle = (part + 0.5) * durationSeconds / Count;
                if (range.From <= middle && middle < range.To && counts[part] < Most)
                    counts[part]++;
            }
        }

        return new string(counts);
    }

    /// <summary>How often each hundredth was played in all of these viewings; empty where there is none.</summary>
    public static IReadOnlyList<int> Sum(IEnumerable<string> viewings)
    {
        var sum = new int[Count];
        var any = false;
        foreach (var parts in viewings)
        {
            any = true;
            for (var part = 0; part < Count; part++)
                sum[part] += parts[part] - '0';
        }

        return any ? sum : [];
    }

    /// <summary>What was played with its repeats, as a part of the whole.</summary>
    public static double Times(string parts) => parts.Sum(part => part - '0') / (double)Count;

    /// <summary>The part that was played at least once, 0 to 1.</summary>
    public static double Share(string parts) => parts.Count(part => part != '0') / (double)Count;
}
