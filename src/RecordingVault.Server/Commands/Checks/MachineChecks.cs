using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>What the machine itself may keep of the server's memory, and the programs that the vault uses. Linux shows it under /proc; elsewhere there is nothing to see.</summary>
internal static class MachineChecks
{
    private static readonly string[] Tools = ["ffmpeg", "ffprobe", "bwrap", "socat"];

    public static IEnumerable<Finding> Run(string dataPath, TimeProvider time)
    {
        if (File.Exists("/proc/swaps"))
            yield return Swap(File.ReadAllText("/proc/swaps"), IsEncrypted);
        if (File.Exists("/proc/sys/kernel/core_pattern"))
            yield return CorePattern(File.ReadAllText("/proc/sys/kernel/core_pattern"));
        if (OperatingSystem.IsLinux())
            yield return Memory(ProcessShield.IsReadable, ProcessShield.MayDumpCore);
        yield return Clock(time.GetUtcNow(), Directory.Exists(dataPath) ? NewestFile(dataPath) : null);
        yield return Programs(Environment.GetEnvironmentVariable("PATH") ?? "");
        if (Directory.Exists(dataPath))
            yield return Space(new DriveInfo(dataPath).AvailableFreeSpace);
    }

    public static Finding Swap(string swaps, Func<string, bool> isEncrypted)
    {
        var open = swaps.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ', '\t')[0]).Where(device => !isEncrypted(device)).ToList();
        return open.Count == 0
            ? Finding.Ok("swap", "none, or none in clear.")
            : Finding.Look("swap", $"{string.Join(", ", open)} may keep parts of the server's memory in clear.", "Encrypt it or turn it off (swapoff -a), and do not hibernate the machine.");
    }

    public static Finding CorePattern(string pattern) => pattern.StartsWith('|')
        ? Finding.Look("core dumps", "are piped to a collector, which may keep the memory of a crashed program.", "The server forbids its own dumps; keep it so, or turn the collector off for it.")
        : Finding.Ok("core dumps", "go to no collector.");

    /// <summary>Of this process, which shields itself as the server does.</summary>
    public static Finding Memory(bool isReadable, bool mayDumpCore) => isReadable || mayDumpCore
        ? Finding.Unsafe("memory", isReadable ? "other processes of this user may read the server's memory." : "a crash would leave a core dump with keys in it.", "Something lifts what the program sets at its start: look at how it is started, and set DOTNET_EnableDiagnostics=0.")
        : Finding.Ok("memory", "closed to other processes of this user, and in no core dump.");

    public static Finding Clock(DateTimeOffset now, DateTimeOffset? newestFile) => newestFile is { } newest && now < newest - TimeSpan.FromMinutes(5)
        ? Finding.Unsafe("clock", $"it is {now:yyyy-MM-dd HH:mm} UTC, but a file of the vault was written at {newest:yyyy-MM-dd HH:mm}. Links, sessions and the log stand on the clock.", "Set the clock, and keep it set (timedatectl set-ntp true).")
        : Finding.Ok("clock", $"{now:yyyy-MM-dd HH:mm} UTC, not before anything that was written here.");

    private static Finding Programs(string path)
    {
        var missing = Tools.Where(tool => !path.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)))).ToList();
        return missing.Count == 0
            ? Finding.Ok("programs", $"{string.Join(", ", Tools)} are there.")
            : Finding.Look("programs", $"missing: {string.Join(", ", missing)}.", "Without them nothing is made of recordings: no length, no poster, no rendition. To have them: apt-get install ffmpeg bubblewrap socat");
    }

    private static Finding Space(long free) => free < 1L << 30
        ? Finding.Look("disk", $"{free >> 20} MiB are free.", "Uploads stop when it is full; what was acknowledged stays.")
        : Finding.Ok("disk", $"{free >> 30} GiB are free.");

    private static DateTimeOffset? NewestFile(string folder) =>
        Directory.EnumerateFiles(folder).Select(file => (DateTimeOffset?)File.GetLastWriteTimeUtc(file)).Max();

    // dm-crypt names its devices so; zram is memory.
    private static bool IsEncrypted(string device)
    {
        var name = Path.GetFileName(File.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device);
        if (name.StartsWith("zram", StringComparison.Ordinal))
            return true;
        var uuid = $"/sys/block/{name}/dm/uuid";
        return File.Exists(uuid) && File.ReadAllText(uuid).StartsWith("CRYPT-", StringComparison.Ordinal);
    }
}
