namespace RecordingVault.Server.Platform.Security;

/// <summary>Where a form leads back to. Only a path on this server is taken: anything that a browser could read as another host leads home.</summary>
internal static class LocalPath
{
    private const int Longest = 2_048;
    private const int MostDecodings = 3;

    public static string OrHome(string? path) => IsLocal(path) ? path! : "/";

    private static bool IsLocal(string? path)
    {
        // Printable ASCII only: browsers drop tabs and line ends, so "/<tab>/evil.example" would be another host.
        if (path is not { Length: > 0 and <= Longest } || !path.All(letter => letter is > ' ' and < '\x7f'))
            return false;
        // A proxy may decode once more than we do: what %2F and %5C hide must be a path as well.
        for (var i = 0; i <= MostDecodings; i++)
        {
            if (!IsPath(path))
                return false;
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
                return true;
            path = decoded;
        }

        return false;
    }

    private static bool IsPath(string path) =>
        path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl);
}
