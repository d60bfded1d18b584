using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace RecordingVault.Server.Platform;

/// <summary>
/// Keeps the process's memory, which holds opened keys, from other processes of its user and out of core dumps (security.md 6). Linux only: elsewhere the
/// platform's own means are the operator's.
/// </summary>
internal static class ProcessShield
{
    private const int SetDumpable = 4;
    private const int GetDumpable = 3;
    private const int CoreLimit = 4;

    /// <summary>Before anything is read that is secret. What this process starts inherits the core limit; being readable again is the kernel's rule for a new program.</summary>
    public static void Raise()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var none = new Limit();
        if (Control(SetDumpable, 0, 0, 0, 0) != 0 || SetLimit(CoreLimit, ref none) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Whether the kernel says that other processes of this user may read our memory.</summary>
    [SupportedOSPlatform("linux")]
    public static bool IsReadable => Control(GetDumpable, 0, 0, 0, 0) != 0;

    /// <summary>Whether the kernel would write a core dump of this process, as far as its own limit decides.</summary>
    [SupportedOSPlatform("linux")]
    public static bool MayDumpCore => ReadLimit(CoreLimit, out var limit) != 0 || limit.Now != 0 || limit.Most != 0;

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetLimit(int resource, ref Limit limit);

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int ReadLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Now;
        public nuint Most;
    }
}
