using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Where names lie in a folder. A name is a path; owners stand in a directory named by the last two digits of their id, so that no directory
/// grows with the vault. Copies of a bucket have no such directories and are read as well. No symbolic link is followed below the root.
/// </summary>
internal sealed class FolderPaths
{
    public const string TempFolder = ".tmp";
    private const int MaxKnown = 4096;
    private const int IdLength = 36;
    private const int OwnerAt = 2 + IdLength + 3;
    private const int OwnerEnd = OwnerAt + IdLength;

    private readonly ConcurrentDictionary<string, bool> durable = new(StringComparer.Ordinal);

    /// <summary>Directories that were looked at and are no links. Like the durable ones they are not looked at again: what a link led to later would not open without the key.</summary>
    private readonly ConcurrentDictionary<string, bool> unlinked = new(StringComparer.Ordinal);

    // The folder itself may be a link: its place is the operator's choice.
    public FolderPaths(string directory) => Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    public string Root { get; }

    public string Temp => Path.Combine(Root, TempFolder);

    /// <summary>Where the object is written.</summary>
    public string PathOf(ObjectName name) => ToPath(name.Value, sharded: true);

    /// <summary>Where the object is read: also where a copy of a bucket has it.</summary>
    public string FindPathOf(ObjectName name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            var plain = ToPath(name.Value, sharded: false);
            if (File.Exists(plain)) path = plain;
        }
        RefuseLinks(path);
        return path;
    }

    /// <summary>Opens what <see cref="FindPathOf"/> would find; null when there is none.</summary>
    public SafeFileHandle? TryOpen(ObjectName name)
    {
        var path = PathOf(name);
        RefuseLinksAbove(path);
        if (ObjectFile.TryOpen(path) is { } found) return found;
        var plain = ToPath(name.Value, sharded: false);
        if (plain == path) return null;
        RefuseLinksAbove(plain);
        return ObjectFile.TryOpen(plain);
    }

    /// <summary>The existing directories that hold what begins with a prefix.</summary>
    public IEnumerable<string> FindDirectories(string prefix)
    {
        if (prefix.Length == 0)
        {
            yield return Root;
            yield break;
        }
        var sharded = ToPath(prefix.TrimEnd('/'), sharded: true);
        var plain = ToPath(prefix.TrimEnd('/'), sharded: false);
        if (Directory.Exists(sharded)) yield return sharded;
        if (plain != sharded && Directory.Exists(plain)) yield return plain;
    }

    /// <summary>The names one level below a directory: directories that only shard are looked through.</summary>
    public static IEnumerable<string> ChildrenOf(string directory) =>
        Directory.EnumerateDirectories(directory).SelectMany(child => Path.GetFileName(child) switch
        {
            var name when IsShard(name) => ChildrenOf(child),
            var name when ObjectName.IsValid(name) => [name],
            _ => [],
        });

    /// <summary>The name of a file that was found, or null when it is no object.</summary>
    public ObjectName? NameOf(string path)
    {
        var parts = Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Where(part => !IsShard(part));
        var name = string.Join('/', parts);
        return ObjectName.IsValid(name) ? ObjectName.Parse(name) : null;
    }

    /// <summary>Makes a directory so that it survives a power cut, and remembers that it did.</summary>
    public void EnsureDurable(string directory)
    {
        if (durable.ContainsKey(directory)) return;
        RefuseLinks(directory);
        if (directory.Length > Root.Length) EnsureDurable(Path.GetDirectoryName(directory)!);
        CreatePrivate(directory);
        if (Path.GetDirectoryName(directory) is { } parent) DurableFolder.Flush(parent);
        // Bounded: a vault has more directories than a process should remember.
        if (durable.Count >= MaxKnown) durable.Clear();
        durable[directory] = true;
    }

    /// <summary>Looks at the disk again before the next write.</summary>
    public void Forget() => durable.Clear();

    public static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static bool IsShard(string part) => part.Length == 2 && part.All(char.IsAsciiHexDigitLower);

    public static IOException LinkRefused(string path) => new($"{path} is a symbolic link, and the vault follows none in its folder.");

    /// <summary>The last part is a file, or a directory that is about to be made: it is looked at each time.</summary>
    private void RefuseLinks(string path)
    {
        if (durable.ContainsKey(path)) return;
        if (path.Length > Root.Length && IsLink(path)) throw LinkRefused(path);
        RefuseLinksAbove(path);
    }

    // Whoever can plant a link in the folder could otherwise lead a write to another place.
    private void RefuseLinksAbove(string path)
    {
        if (unlinked.Count >= MaxKnown) unlinked.Clear();
        for (var current = Path.GetDirectoryName(path); current?.Length > Root.Length; current = Path.GetDirectoryName(current))
        {
            if (durable.ContainsKey(current) || unlinked.ContainsKey(current)) return;
            if (IsLink(current)) throw LinkRefused(current);
            unlinked[current] = true;
        }
    }

    private static bool IsLink(string path)
    {
        try
        {
            return File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private string ToPath(string name, bool sharded)
    {
        var path = sharded && IsOfOwner(name) ? $"{Root}/{name.AsSpan(0, OwnerAt)}{name.AsSpan(OwnerEnd - 2, 2)}/{name.AsSpan(OwnerAt)}" : $"{Root}/{name}";
        return Path.DirectorySeparatorChar == '/' ? path : path.Replace('/', Path.DirectorySeparatorChar);
    }

    /// <summary>Below `t/{tenant}/{r, c, e or x}/{owner}`, where the ids have 36 characters.</summary>
    private static bool IsOfOwner(string name) =>
        name.Length >= OwnerEnd && name.StartsWith("t/", StringComparison.Ordinal) && name[OwnerAt - 3] == '/' && name[OwnerAt - 2] is 'r' or 'c' or 'e' or 'x'
        && name[OwnerAt - 1] == '/' && (name.Length == OwnerEnd || name[OwnerEnd] == '/') && !name.AsSpan(2, IdLength).Contains('/') && !name.AsSpan(OwnerAt, IdLength).Contains('/');
}
