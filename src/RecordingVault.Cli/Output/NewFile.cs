namespace RecordingVault.Cli.Output;

/// <summary>
/// A file that appears whole or not at all: written under another name beside its place, readable by its owner only, and then renamed.
/// Nothing that was there is replaced unless that was asked for.
/// </summary>
internal static class NewFile
{
    public static async Task WriteAsync(string path, bool force, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        RequireFree(path, force);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new CommandException(ExitCode.Usage, $"There is no folder {folder}. Make it first.");
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
        try
        {
            await using (var file = Create(unfinished))
            {
                await write(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            Publish(unfinished, path, force);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public static void RequireFree(string path, bool force)
    {
        if (Directory.Exists(path)) throw new CommandException(ExitCode.Usage, $"{path} is a folder. Name a file with -o.");
        if (!force && File.Exists(path)) throw AlreadyThere(path);
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static void Publish(string unfinished, string path, bool force)
    {
        try
        {
            File.Move(unfinished, path, force);
        }
        catch (IOException) when (!force && File.Exists(path))
        {
            throw AlreadyThere(path); // it came while we wrote
        }
    }

    private static CommandException AlreadyThere(string path) =>
        new(ExitCode.Usage, $"{path} is there already and was left as it is. Name another one with -o, or add --force to replace it.");
}
