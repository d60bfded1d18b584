namespace RecordingVault.Marks.Serving;

/// <summary>Where a file that leaves carries its mark. The numbers stand in stored layouts.</summary>
public enum MarkCarrier : byte
{
    /// <summary>The kind has no place for one.</summary>
    None = 0,
    Mp4 = 1,
    Id3 = 2,
    Riff = 3,
    Matroska = 4,
}

public static class MarkCarriers
{
    private static readonly Dictionary<string, MarkCarrier> Carriers = new(StringComparer.Ordinal)
    {
        ["video/mp4"] = MarkCarrier.Mp4,
        ["video/quicktime"] = MarkCarrier.Mp4,
        ["video/3gpp"] = MarkCarrier.Mp4,
        ["audio/mp4"] = MarkCarrier.Mp4,
        ["audio/3gpp"] = MarkCarrier.Mp4,
        ["audio/mpeg"] = MarkCarrier.Id3,
        ["audio/wav"] = MarkCarrier.Riff,
        ["video/x-msvideo"] = MarkCarrier.Riff,
        ["video/webm"] = MarkCarrier.Matroska,
        ["audio/webm"] = MarkCarrier.Matroska,
        ["video/x-matroska"] = MarkCarrier.Matroska,
        ["audio/x-matroska"] = MarkCarrier.Matroska,
    };

    /// <summary>Media types of which some carrier takes the mark.</summary>
    public static IReadOnlyCollection<string> MediaTypes => Carriers.Keys;

    /// <param name="mediaType">What the file's first bytes were, without parameters.</param>
    public static MarkCarrier Of(string mediaType) => Carriers.GetValueOrDefault(mediaType);

    /// <summary>As the log names it.</summary>
    public static string Name(this MarkCarrier carrier) => carrier == MarkCarrier.Matroska ? "matroska-tags" : "xmp";
}
