namespace RecordingVault.Marks.Tests.Harness;

/// <summary>Where the sources lie, for tests that read documents and outside readers.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RecordingVault.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
