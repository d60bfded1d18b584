namespace RecordingVault.Server.Tests.Architecture;

/// <summary>The source files of this checkout, as paths from its root with forward slashes.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Our own C# files under a top folder, without what is generated.</summary>
    public static IReadOnlyList<string> CSharpFiles(params ReadOnlySpan<string> folders)
    {
        var found = new List<string>();
        foreach (var folder in folders)
            found.AddRange(Files(folder, "*.cs").Where(path => !path.Contains("/Migrations/", StringComparison.Ordinal)));
        return found;
    }

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "RecordingVault.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No checkout above the tests."));
}
