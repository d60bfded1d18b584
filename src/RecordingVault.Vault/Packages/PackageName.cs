namespace RecordingVault.Vault.Packages;

/// <summary>
/// Names inside a package: letters, digits, dot, hyphen and underscore, between slashes. No name leads out of the folder that it is unpacked into, none is hidden, and none
/// means something to a shell or a disk. What people call their files stands inside a JSON file.
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
        if (part.IsEmpty || !char.IsAsciiLetterOrDigit(part[0]) || part[^1] == '.')
            return false;
        foreach (var letter in part)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
                return false;
        }
        return true;
    }
}
