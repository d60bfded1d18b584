namespace RecordingVault.Server.Features.Recordings;

/// <summary>The program whose files a recording was made of, as its uploader told.</summary>
internal enum RecordingSource
{
    Zoom,
    BigBlueButton,
}

internal static class RecordingSources
{
    /// <summary>How the API and addresses call a recording whose program nobody told.</summary>
    public const string Other = "other";

    public static string Name(this RecordingSource source) => source.ToString().ToLowerInvariant();

    public static RecordingSource? Parse(string? name)
    {
        foreach (var source in Enum.GetValues<RecordingSource>())
        {
            if (string.Equals(source.Name(), name, StringComparison.Ordinal))
                return source;
        }

        return null;
    }
}
