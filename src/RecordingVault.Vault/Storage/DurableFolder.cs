using System.Runtime.InteropServices;
using System.Text;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Makes what happened inside a directory survive a power cut: a file's own flush does not cover its name. .NET opens no directories, hence the
/// three calls to the C library. On Windows the file system journals names and there is nothing to call.
/// </summary>
internal static class DurableFolder
{
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int InvalidArgument = 22;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        // Close-on-exec: a process that the server starts at this moment (ffmpeg) must not inherit a way into the folder.
        var descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        if (descriptor < 0) throw Problem(directory);
        try
        {
            // A file system that can't flush directories answers "invalid argument": then there is nothing more that we could do.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Problem(directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Problem(string directory) =>
        new($"The directory {directory} can't be flushed: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int descriptor);
}
