using System.Globalization;
using FFMpegCore;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Processing.Sandbox;

/// <summary>How much a run of ffmpeg may take. What needs more is hostile, or not for this machine.</summary>
/// <param name="Seconds">Of processor time, and twice as many by the clock.</param>
internal sealed record RunLimits(int Seconds)
{
    /// <summary>Bytes: address space of each process, and what all of a run hold together. A 4K encoding takes about half of it.</summary>
    public const long Memory = 3L << 30;

    /// <summary>Threads and processes: ffmpeg takes a few for each core. The count is of the sandbox's own user.</summary>
    public static readonly int Processes = 64 + (6 * Environment.ProcessorCount);

    public static readonly RunLimits Short = new(60);

    /// <summary>Objects that no manifest binds are swept after a day: what is being made must be bound before.</summary>
    private static readonly TimeSpan LongestClock = TimeSpan.FromHours(20);

    /// <summary>A file that does not say how long it lasts is taken for one of so few bytes a second.</summary>
    private const double FewBytesPerSecond = 20_000;

    /// <summary>None that somebody would listen to has fewer: one that says that it lasts longer lies, or has next to nothing to decode.</summary>
    private const double FewestBytesPerSecond = 500;

    /// <summary>How long a file is taken to last where time is measured out by it: by what it says, as far as its size bears that out.</summary>
    public static TimeSpan LengthOf(TimeSpan? told, long bytes) =>
        told is { } length ? TimeSpan.FromSeconds(Math.Min(length.TotalSeconds, bytes / FewestBytesPerSecond)) : TimeSpan.FromSeconds(bytes / FewBytesPerSecond);

    public TimeSpan Clock => TimeSpan.FromSeconds(2.0 * Seconds) is var twice && twice < LongestClock ? twice : LongestClock;

    /// <summary>For a run that reads all of it and decodes it.</summary>
    public static RunLimits ForReading(TimeSpan duration) => new(120 + (int)duration.TotalSeconds);

    /// <summary>For a run that encodes it: a weak core needs some ten seconds for one of a large picture.</summary>
    public static RunLimits ForEncoding(TimeSpan duration) => new(600 + (20 * (int)duration.TotalSeconds));
}

/// <summary>The folder of one asset's runs: the two wrapped tools, what they may take, and the socket that the asset is read through. Gone when it is disposed.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private const string Script = "RecordingVault.Server.Features.Processing.Sandbox.tool.sh";
    private const string EndedByLimit = "71";
    private const string Prefix = "vault-media-";
    private static readonly string[] s_texts = ["slate", "corner"];
    private static readonly TimeSpan LongestLeft = TimeSpan.FromDays(3);
    private const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private const string Memory = "/dev/shm";

    /// <summary>Of words that must not lie on a disk (P1): a folder in memory, made when there are any.</summary>
    private readonly string texts = System.IO.Path.Combine(Memory, Prefix + Guid.NewGuid().ToString("N"));

    private SandboxFolder(string path) => Path = path;

    /// <summary>Whether this machine has a place in memory for words.</summary>
    public static bool HasMemory => Directory.Exists(Memory) && new DriveInfo(Memory).DriveFormat == "tmpfs";

    public string Path { get; }

    /// <summary>A path of a socket has at most 107 bytes.</summary>
    public string Socket => System.IO.Path.Combine(Path, "in.sock");

    public FFOptions Options => new() { BinaryFolder = Path, WorkingDirectory = Path, TemporaryFilesFolder = Path };

    /// <summary>Removes what processes left that were killed: no run takes so long.</summary>
    public static void SweepOld(DateTimeOffset now)
    {
        foreach (var folder in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories(Prefix + "*").Where(folder => folder.CreationTimeUtc < now.UtcDateTime - LongestLeft).ToList())
            new SandboxFolder(folder.FullName).Dispose();
        if (!HasMemory)
            return;
        foreach (var folder in new DirectoryInfo(Memory).EnumerateDirectories(Prefix + "*").Where(folder => folder.CreationTimeUtc < now.UtcDateTime - LongestLeft).ToList())
            Delete(folder.FullName);
    }

    public static SandboxFolder Create()
    {
        var folder = new SandboxFolder(Directory.CreateTempSubdirectory(Prefix).FullName);
        foreach (var tool in new[] { "ffmpeg", "ffprobe" })
        {
            var file = System.IO.Path.Combine(folder.Path, tool);
            using (var script = typeof(SandboxFolder).Assembly.GetManifestResourceStream(Script)!)
            using (var target = File.Create(file))
                script.CopyTo(target);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, Runnable);
        }

        folder.Limit(RunLimits.Short);
        return folder;
    }

    /// <summary>The output of the present run was read to its end, or nobody reads on: only then does the tool end, so that nothing of it is lost where the reader is slow.</summary>
    public void TellTaken() => File.WriteAllBytes(System.IO.Path.Combine(Path, "taken"), []);

    /// <summary>
    /// Texts for the next run: slate and corner. The wrapper opens them, takes their names away before the tool begins, and hands what is in them to the sandbox's memory. They hold
    /// somebody's name, and lie in memory until then, on no disk.
    /// </summary>
    /// <param name="words">By name; null takes away what no run has taken.</param>
    public void Lay(IReadOnlyDictionary<string, string>? words)
    {
        if (words is not null)
            PrivateFolder.Create(texts);
        foreach (var name in s_texts.Where(_ => Directory.Exists(texts)))
        {
            var file = System.IO.Path.Combine(texts, name);
            if (words is not null && words.TryGetValue(name, out var text))
                File.WriteAllText(file, text);
            else
                File.Delete(file);
        }
    }

    /// <summary>For the runs that follow.</summary>
    public void Limit(RunLimits limits)
    {
        File.Delete(System.IO.Path.Combine(Path, "result"));
        File.Delete(System.IO.Path.Combine(Path, "taken"));
        File.Delete(System.IO.Path.Combine(Path, "over"));
        File.WriteAllText(System.IO.Path.Combine(Path, "limits"), string.Create(CultureInfo.InvariantCulture, $"seconds={limits.Seconds} memory={RunLimits.Memory} processes={RunLimits.Processes} texts={texts}\n"));
    }

    /// <summary>Whether a limit ended the last run.</summary>
    public bool WasEndedByLimit
    {
        get
        {
            var result = System.IO.Path.Combine(Path, "result");
            return File.Exists(result) && File.ReadAllText(result).Trim() == EndedByLimit;
        }
    }

    public void Dispose()
    {
        Delete(Path);
        if (Directory.Exists(texts))
            Delete(texts);
    }

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // A run that was ended a moment ago may still hold it; it holds nothing of anybody's, and the system empties its temporary folder.
        }
    }
}
