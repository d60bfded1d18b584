using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether other users of the machine can reach the vault's files.</summary>
internal static class FileChecks
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Run(VaultOptions vault)
    {
        yield return Folder("data directory", vault.DataPath);
        if (vault.Storage.Provider == StorageProvider.Folder && !Inside(vault.StorePath, vault.DataPath))
            yield return Folder("store", vault.StorePath);
        if (vault.Keys.Provider == RootKeyProvider.File)
            yield return RootKey(vault.RootKeyPath, vault.DataPath);
        else
            yield return Finding.Look("root key", "comes from the environment, which the system may go on showing.", "Use a file with mode 0600 where the platform allows it: Vault__Keys__Provider=file.");
    }

    private static Finding Folder(string subject, string path)
    {
        if (!Directory.Exists(path))
            return Finding.Look(subject, $"{path} is not there yet.", "The first start makes it, for its own user only.");
        return IsPrivate(path)
            ? Finding.Ok(subject, $"{path} is closed to other users.")
            : Finding.Unsafe(subject, $"{path} can be entered or read by other users of this machine.", $"chmod 700 '{path}'");
    }

    private static Finding RootKey(string path, string dataPath)
    {
        if (!File.Exists(path))
        {
            return File.Exists(Path.Combine(dataPath, "vault.db"))
                ? Finding.Unsafe("root key", $"{path} is missing, but there is a vault.", "Put your copy of it there, with mode 0600. Without it nothing in this vault can be read.")
                : Finding.Look("root key", $"{path} is not there yet.", "The first start makes it. Copy it to a safe place then.");
        }

        return IsPrivate(path)
            ? Finding.Ok("root key", $"{path} is readable by its owner only. Have you a copy of it, apart from this machine?")
            : Finding.Unsafe("root key", $"{path} can be read or changed by other users of this machine.", $"chmod 600 '{path}'");
    }

    private static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None;

    private static bool Inside(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
