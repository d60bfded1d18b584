namespace RecordingVault.Cli.Uploading;

/// <summary>A file as it was when it was chosen.</summary>
/// <param name="Place">Its full path on this machine.</param>
/// <param name="Shown">As the person named it, or below the folder that was named, joined by slashes.</param>
internal sealed record LocalFile(string Place, string Shown, long Length, DateTimeOffset Modified)
{
    public string Name => Path.GetFileName(Place);

    /// <exception cref="CommandException">It is not there, no file, or empty.</exception>
    public static LocalFile Look(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CommandException(ExitCode.InputOutput, $"There is no file {path}.");
        // A link that was named itself is meant; what it leads to is what is sent and watched.
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target is { Exists: true, Length: > 0 }
            ? new LocalFile(file.FullName, path, target.Length, new DateTimeOffset(target.LastWriteTimeUtc))
            : throw new CommandException(ExitCode.InputOutput, $"{path} is empty, or no file.");
    }

    /// <summary>P6 holds for one file, not for two halves of different ones.</summary>
    public void RequireUnchanged()
    {
        var named = new FileInfo(Place);
        var now = named.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? named;
        if (!now.Exists || now.Length != Length || new DateTimeOffset(now.LastWriteTimeUtc) != Modified)
            throw new FileChangedException(Shown);
    }
}

/// <summary>A program wrote to a file while it was sent.</summary>
internal sealed class FileChangedException(string file) : Exception(
    $"{Output.ShownText.Of(file)} changed while it was sent, so what the vault has of it is no whole file. Wait until nothing writes to it any more and upload it again; it begins anew then.");
