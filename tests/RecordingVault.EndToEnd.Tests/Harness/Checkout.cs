namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>Where this checkout lies: the folder of the solution above the test's own assembly.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "RecordingVault.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No checkout above the tests."));
}
