namespace RecordingVault.Cli.Uploading;

/// <summary>What stands in a folder and below it. Links are not followed: they may lead out of it, or around in a circle.</summary>
internal static class FolderFiles
{
    /// <summary>As many as the vault plans at once.</summary>
    public const int Most = 4_096;

    /// <returns>The files, their paths beginning with the folder's own name, which may say when a meeting was.</returns>
    public static IReadOnlyList<LocalFile> Find(string folder)
    {
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true, IgnoreInaccessible = false, ReturnSpecialDirectories = false };
        var files = new List<LocalFile>();
        foreach (var file in root.EnumerateFiles("*", options))
        {
            if (files.Count == Most)
                throw new CommandException(ExitCode.Usage, $"{folder} holds more than {Most} files. Upload its folders one after another.");
            var below = Path.GetRelativePath(root.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            files.Add(new LocalFile(file.FullName, root.Parent is null ? below : $"{root.Name}/{below}", file.Length, new DateTimeOffset(file.LastWriteTimeUtc)));
        }

        return [.. files.OrderBy(file => file.Shown, StringComparer.Ordinal)];
    }
}
