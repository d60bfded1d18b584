namespace RecordingVault.Cli.Account;

/// <summary>Folders of this program that are for their owner alone.</summary>
internal static class PrivateFolder
{
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Where the sign-in is kept.</summary>
    public static string OfSettings => Below("XDG_CONFIG_HOME", ".config");

    /// <summary>Where unfinished uploads are remembered.</summary>
    public static string OfUploads => Path.Combine(OfState, "uploads");

    /// <summary>Where exports are remembered that are not fetched yet.</summary>
    public static string OfExports => Path.Combine(OfState, "exports");

    /// <summary>Makes the folder where it is not there, mode 0700.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFolder);
        Require(path);
    }

    /// <summary>Refuses a folder that others may look into or that stands somewhere else than it seems.</summary>
    public static void Require(string path)
    {
        var folder = new DirectoryInfo(path);
        if (folder.LinkTarget is not null)
            throw new CommandException(ExitCode.InputOutput, $"{path} is a link. This program keeps its secrets in a folder of its own only: remove the link.");
        if (!OperatingSystem.IsWindows() && (folder.UnixFileMode & Others) != UnixFileMode.None)
            throw new CommandException(ExitCode.InputOutput, $"{path} is open to other users of this machine. Run: chmod 700 '{path}'");
    }

    private static string OfState => Below("XDG_STATE_HOME", Path.Combine(".local", "state"));

    private static string Below(string variable, string usual)
    {
        // A relative path would mean another folder in each place; the rule for these variables says that it is not heeded.
        var chosen = Environment.GetEnvironmentVariable(variable);
        var root = chosen is not null && Path.IsPathFullyQualified(chosen) ? chosen : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), usual);
        return Path.Combine(root, "recordingvault");
    }
}
