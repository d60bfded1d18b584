namespace RecordingVault.Vault.Packages;

/// <summary>
/// Names inside a package: letters, digits, dot, hyphen and underscore, between slashes. No name leads out of the folder that it is unpacked into, none is hidden, none
/// means something to a shell or a disk or names a device of Windows, and none is a folder of another one. What people call their files stands inside a JSON file.
/// </summary>
internal static class PackageName
{
    public const int MaxLength = 200;

    public static bool IsGood(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
            return false;
        foreach (var part in name.Split('/'))
        {
            if (!IsGoodPart(name[part]))
                return false;
        }
        return true;
    }

    private static bool IsGoodPart(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || !char.IsAsciiLetterOrDigit(part[0]) || part[^1] == '.' || IsDevice(part))
            return false;
        foreach (var letter in part)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
                return false;
        }
        return true;
    }

    /// <summary>Windows takes these for devices in every folder and with every ending; what is written there is in no file.</summary>
    private static bool IsDevice(ReadOnlySpan<char> part)
    {
        var dot = part.IndexOf('.');
        var name = dot < 0 ? part : part[..dot];
        return name.Length switch
        {
            3 => name.Equals("con", StringComparison.OrdinalIgnoreCase) || name.Equals("prn", StringComparison.OrdinalIgnoreCase)
                || name.Equals("aux", StringComparison.OrdinalIgnoreCase) || name.Equals("nul", StringComparison.OrdinalIgnoreCase),
            4 => char.IsAsciiDigit(name[3]) && (name[..3].Equals("com", StringComparison.OrdinalIgnoreCase) || name[..3].Equals("lpt", StringComparison.OrdinalIgnoreCase)),
            _ => false,
        };
    }
}
