namespace RecordingVault.Server.Platform;

/// <summary>A folder that only the vault's own user may enter.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Create(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Takes other users' rights from files that are there.</summary>
    public static void CloseFiles(params ReadOnlySpan<string> paths)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in paths)
        {
            if (File.Exists(path))
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
