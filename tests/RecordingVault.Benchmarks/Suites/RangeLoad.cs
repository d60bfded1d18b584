using System.Diagnostics;
using RecordingVault.Benchmarks.Loopback;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>Asks a server for unaligned ranges of 1 MiB, as players that are being sought through do.</summary>
/// <param name="Name">The mode, for a failure's text.</param>
/// <param name="Request">The request's head for a range.</param>
/// <param name="Length">Bytes of what is asked for.</param>
internal sealed record RangeLoad(string Name, int Port, Func<(long, long)?, string> Request, long Length)
{
    public const int RangeLength = 1024 * 1024;

    /// <summary>No range begins before this offset: how deep in the file they lie.</summary>
    public long From { get; init; }

    /// <summary>Connections that ask again as soon as they were answered, for so long.</summary>
    public (int Count, TimeSpan Elapsed) AskMany(int connections, TimeSpan duration)
    {
        var count = 0;
        var began = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections).Select(seed => new Thread(() =>
        {
            using var connection = new Connection(Port);
            var random = new Random(seed);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                if (connection.Ask(Request(Any(random))).BodyLength != RangeLength)
                    throw new InvalidOperationException($"{Name} answered with another length.");
                Interlocked.Increment(ref count);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return (count, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Microseconds to the first byte of each of so many ranges, over one connection, the shortest first.</summary>
    public double[] FirstBytes(int ranges)
    {
        using var connection = new Connection(Port);
        var random = new Random(2);
        return [.. Enumerable.Range(0, ranges).Select(_ => connection.Ask(Request(Any(random))).FirstBodyByte.TotalMicroseconds).Order()];
    }

    private (long From, long To) Any(Random random)
    {
        var from = random.NextInt64(From, Length - RangeLength);
        return (from, from + RangeLength - 1);
    }
}
