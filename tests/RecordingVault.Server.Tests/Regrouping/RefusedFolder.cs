using System.Diagnostics;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>A folder of the store in which nothing can be made or deleted, as in a bucket that keeps what it has. Root is above permissions, and not above the file system's own mark.</summary>
internal sealed class RefusedFolder : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string path;

    public RefusedFolder(string path)
    {
        this.path = path;
        Mark("+i");
        if (!Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        Mark("-i");
        if (!Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(path, Open);
    }

    private void Mark(string mark)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        using var chattr = Process.Start("chattr", [mark, path]);
        chattr.WaitForExit();
        if (chattr.ExitCode != 0)
            Assert.Skip("This file system has no mark that holds root back.");
    }
}
