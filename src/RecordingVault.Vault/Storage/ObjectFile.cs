using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Opens an object's file by one call to the C library, which .NET has no words for: a symbolic link in the file's place is refused by the same call
/// that opens it, so none can be put there in between, and the writers' locks are not asked for, so an object can be read as soon as it has its name.
/// </summary>
internal static class ObjectFile
{
    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int NotADirectory = 20;
    private static readonly int TooManyLinks = OperatingSystem.IsMacOS() ? 62 : 40;

    /// <summary>Close-on-exec, no link followed, non-blocking: a process that is started at this moment must not inherit it, and a pipe in the file's place must not hold up who opens it.</summary>
    private static readonly int? Flags =
        OperatingSystem.IsMacOS() ? 0x1000000 | 0x100 | 0x4
        : !OperatingSystem.IsLinux() ? null
        : RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 0x80000 | 0x20000 | 0x800,
            Architecture.Arm64 => 0x80000 | 0x8000 | 0x800,
            // Linux numbers them by architecture: where we have not looked, a wrong number would follow links in silence.
            _ => null,
        };

    /// <summary>Null when there is none.</summary>
    public static SafeFileHandle? TryOpen(string path) => Flags is { } flags ? TryOpenDirectly(path, flags) : TryLookAndOpen(path);

    private static SafeFileHandle? TryOpenDirectly(string path, int flags)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        int descriptor;
        while ((descriptor = Open(ref MemoryMarshal.GetReference(name), flags)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // A signal came first.
        }

        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        if (error is NoSuchFile or NotADirectory) return null;
        throw error == TooManyLinks ? FolderPaths.LinkRefused(path) : new IOException($"The file {path} can't be opened: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    private static SafeFileHandle? TryLookAndOpen(string path)
    {
        try
        {
            if (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint)) throw FolderPaths.LinkRefused(path);
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(ref byte path, int flags);
}
