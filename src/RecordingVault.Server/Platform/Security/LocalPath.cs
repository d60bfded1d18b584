namespace RecordingVault.Server.Platform.Security;

/// <summary>Where a form leads back to. Only a path on this server is taken: anything that a browser could read as another host leads home.</summary>
internal static class LocalPath
{
    public static string OrHome(string? path) => IsLocal(path) ? path! : "/";

    private static bool IsLocal(string? path) =>
        path is { Length: > 0 and <= 2048 }
        && path[0] == '/'
        && !(path.Length > 1 && path[1] is '/' or '\\')
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Any(char.IsControl);
}
