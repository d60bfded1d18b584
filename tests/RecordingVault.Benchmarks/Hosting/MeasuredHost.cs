using System.Globalization;
using RecordingVault.Server;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>A server as a process of its own: the product as it is, the plain baseline, or the framework with its own settings. It tells its collector's counters when a line comes in.</summary>
internal static class MeasuredHost
{
    public const string CountersMark = "counters ";

    public static Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["vault", .. var verb]:
                TellCounters();
                return VaultProgram.RunAsync(verb);
            case ["seed", var count]:
                return LibrarySeed.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), people: 1);
            case ["seed", var count, var people]:
                return LibrarySeed.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(people, CultureInfo.InvariantCulture));
            case ["nights", var count, var rounds]:
                return RetentionHost.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(rounds, CultureInfo.InvariantCulture));
            case ["seed-consent"]:
                return ConsentSeed.RunAsync();
            case ["plain", var folder, var film]:
                TellCounters();
                return PlainServer.RunAsync(folder, film);
            case ["framework", var film]:
                TellCounters();
                return FrameworkServer.RunAsync(film);
            default:
                Console.Error.WriteLine("host vault [VERB], host seed COUNT [PEOPLE], host seed-consent, host nights COUNT ROUNDS, host plain FOLDER FILM, or host framework FILM");
                return Task.FromResult(2);
        }
    }

    private static void TellCounters()
    {
        var listener = new Thread(static () =>
        {
            while (Console.In.ReadLine() is not null)
                Console.Out.WriteLine($"{CountersMark}{GC.GetTotalAllocatedBytes(precise: true)} {GC.CollectionCount(2)}");
        });
        listener.IsBackground = true;
        listener.Start();
    }
}
