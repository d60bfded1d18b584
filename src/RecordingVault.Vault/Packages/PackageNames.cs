namespace RecordingVault.Vault.Packages;

internal enum NameClash
{
    None,

    /// <summary>It is there already, perhaps in other letter cases.</summary>
    Twice,

    /// <summary>It is a folder of one that is there, or lies in one: only one of the two could be unpacked.</summary>
    Folder,
}

/// <summary>The names of a package so far, as a disk would hold them that knows no letter case.</summary>
internal sealed class PackageNames
{
    // Before every sign that a name has, so that what lies in a folder stands in one stretch.
    private const char Slash = '\u0001';

    private readonly SortedSet<string> keys = new(StringComparer.Ordinal);

    /// <summary>Takes a good name in, if it can stand beside the others.</summary>
    public NameClash Add(string name)
    {
        var key = name.ToUpperInvariant().Replace('/', Slash);
        for (var end = key.IndexOf(Slash); end >= 0; end = key.IndexOf(Slash, end + 1))
        {
            if (keys.Contains(key[..end]))
                return NameClash.Folder;
        }

        if (keys.GetViewBetween(key + Slash, key + (char)(Slash + 1)).Min is not null)
            return NameClash.Folder;
        return keys.Add(key) ? NameClash.None : NameClash.Twice;
    }
}
