using System.Globalization;

namespace RecordingVault.Benchmarks.Measuring;

/// <summary>What Linux tells of a process: processor time of it and its children, and memory.</summary>
internal static class ProcessReading
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds so far, at a resolution of 10 ms.</summary>
    public static double ProcessorSeconds(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The name stands in brackets and may hold anything; the fields are counted from its end.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int User = 11, System = 12;
        var own = (long.Parse(fields[User], CultureInfo.InvariantCulture) + long.Parse(fields[System], CultureInfo.InvariantCulture)) / TicksPerSecond;
        return own + Children(process).Sum(ProcessorSeconds);
    }

    /// <summary>A line such as VmRSS or VmHWM, in MiB.</summary>
    public static double MemoryMiB(int process, string line)
    {
        var found = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal));
        return long.Parse(found.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
