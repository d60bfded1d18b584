using Microsoft.Win32.SafeHandles;

namespace RecordingVault.Vault.Storage;

/// <summary>A file that is being written and has no name yet. It is locked while its writer lives, so that a sweep knows the dead ones.</summary>
internal sealed class TempFile : IDisposable
{
    private const int CompareLength = 64 * 1024;

    private readonly FileStream file;
    private string? path;

    private TempFile(FileStream file, string path)
    {
        this.file = file;
        this.path = path;
    }

    public SafeFileHandle Handle => file.SafeFileHandle;

    public static TempFile Create(string directory, UnixFileMode mode)
    {
        var unnamed = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        return new TempFile(new FileStream(unnamed, options), unnamed);
    }

    /// <summary>Deletes what crashed writers left. What a living one, of this process or another, has open is locked and stays.</summary>
    public static void Sweep(string directory)
    {
        foreach (var left in Directory.EnumerateFiles(directory))
        {
            try
            {
                using var locked = new FileStream(left, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(left);
            }
            catch (IOException)
            {
                // Locked by its writer, or gone since it was listed.
            }
        }
    }

    public void Rename(string target)
    {
        File.Move(path!, target, overwrite: true);
        path = null;
    }

    public bool HasSameBytesAs(string other)
    {
        using var handle = File.OpenHandle(other, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(Handle);
        if (RandomAccess.GetLength(handle) != length) return false;
        var mine = new byte[CompareLength];
        var theirs = new byte[CompareLength];
        for (long offset = 0; offset < length; offset += CompareLength)
        {
            var count = (int)Math.Min(CompareLength, length - offset);
            if (RandomAccess.Read(Handle, mine.AsSpan(0, count), offset) != count) return false;
            if (RandomAccess.Read(handle, theirs.AsSpan(0, count), offset) != count) return false;
            if (!mine.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count))) return false;
        }
        return true;
    }

    public void Dispose()
    {
        file.Dispose();
        if (path is not null) File.Delete(path);
    }
}
