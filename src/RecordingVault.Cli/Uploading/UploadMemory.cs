using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecordingVault.Cli.Account;

namespace RecordingVault.Cli.Uploading;

/// <summary>
/// What is remembered of one unfinished upload between two runs: the id that the vault gave it, in a file of mode 0600 whose name is a digest. Neither the file's name nor
/// a byte of it stands there. Two runs can't send the same file at once.
/// </summary>
internal sealed class UploadMemory : IDisposable
{
    /// <summary>An unfinished upload expires at the vault after seven days; what finished files are remembered for is a recording whose others failed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private readonly string path;
    private readonly FileStream held;

    private UploadMemory(string path, FileStream held) => (this.path, this.held) = (path, held);

    /// <summary>The upload to go on with; null for a new one.</summary>
    public Guid? UploadId { get; set; }

    /// <param name="recordingId">The recording that the file is to join, where one was named.</param>
    public static UploadMemory Open(Uri vault, LocalFile file, Guid? recordingId, bool fresh)
    {
        PrivateFolder.Make(PrivateFolder.OfUploads);
        var identity = string.Create(CultureInfo.InvariantCulture, $"{vault}\0{recordingId}\0{file.Place}\0{file.Length}\0{file.Modified.UtcTicks}");
        var place = Path.Combine(PrivateFolder.OfUploads, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity))));
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
            throw new CommandException(ExitCode.InputOutput, $"Another `vault upload` sends {Output.ShownText.Of(file.Shown)} just now.");
        }

        var text = new byte[36];
        var known = !fresh && opened.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) == text.Length && Guid.TryParseExact(Encoding.ASCII.GetString(text), "D", out var id) ? id : (Guid?)null;
        return new UploadMemory(place, opened) { UploadId = known };
    }

    /// <summary>Removes what nobody came back for.</summary>
    public static void Sweep(TimeProvider time)
    {
        var folder = new DirectoryInfo(PrivateFolder.OfUploads);
        if (!folder.Exists) return;
        foreach (var old in folder.EnumerateFiles().Where(file => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Life))
            old.Delete();
    }

    public void Keep(Guid uploadId)
    {
        UploadId = uploadId;
        held.Position = 0;
        held.Write(Encoding.ASCII.GetBytes(uploadId.ToString("D")));
        held.Flush(flushToDisk: true);
    }

    public void Forget()
    {
        UploadId = null;
        File.Delete(path);
    }

    public void Dispose()
    {
        held.Dispose();
        if (UploadId is null) File.Delete(path);
    }
}
