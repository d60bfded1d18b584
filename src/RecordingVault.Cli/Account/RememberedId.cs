using System.Security.Cryptography;
using System.Text;

namespace RecordingVault.Cli.Account;

/// <summary>
/// The id that a vault gave to something unfinished, kept between two runs in a file of mode 0600 whose name is a digest: neither what it is of nor where that lies stands
/// there. While one run holds it, another one of the same is refused.
/// </summary>
internal sealed class RememberedId : IDisposable
{
    /// <summary>The vault forgets what is unfinished after seven days; what finished files are remembered for is a recording whose others failed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private readonly string path;
    private readonly FileStream held;

    private RememberedId(string path, FileStream held) => (this.path, this.held) = (path, held);

    /// <summary>What to go on with; null for something new.</summary>
    public Guid? Id { get; set; }

    /// <param name="identity">What makes two runs the same.</param>
    /// <param name="busy">What is said where another run is at it.</param>
    public static RememberedId Open(string folder, string identity, string busy)
    {
        PrivateFolder.Make(folder);
        var place = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity))));
        if (new FileInfo(place).LinkTarget is not null) throw new CommandException(ExitCode.InputOutput, $"{place} is a link, so this program does not trust it. Remove it.");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFolder.OwnerFile;
        FileStream opened;
        try
        {
            opened = new FileStream(place, options);
        }
        catch (IOException) when (File.Exists(place))
        {
            throw new CommandException(ExitCode.InputOutput, busy);
        }

        var text = new byte[36];
        var known = opened.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) == text.Length && Guid.TryParseExact(Encoding.ASCII.GetString(text), "D", out var id) ? id : (Guid?)null;
        return new RememberedId(place, opened) { Id = known };
    }

    /// <summary>Removes what nobody came back for.</summary>
    public static void Sweep(string folder, TimeProvider time)
    {
        var place = new DirectoryInfo(folder);
        if (!place.Exists) return;
        foreach (var old in place.EnumerateFiles().Where(file => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Life))
            old.Delete();
    }

    public void Keep(Guid id)
    {
        Id = id;
        held.Position = 0;
        held.Write(Encoding.ASCII.GetBytes(id.ToString("D")));
        held.Flush(flushToDisk: true);
    }

    public void Forget()
    {
        Id = null;
        File.Delete(path);
    }

    public void Dispose()
    {
        held.Dispose();
        if (Id is null) File.Delete(path);
    }
}
