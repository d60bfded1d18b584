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
    public static string Name(this MarkCarrier carrier) => carrier == MarkCarrier.Matroska ? CarrierNames.MatroskaTags : CarrierNames.Xmp;
}

/// <summary>Where a mark stands, as logs and packages name it: in one word for each, the same everywhere.</summary>
public static class CarrierNames
{
    /// <summary>The headers of an answer.</summary>
    public const string Http = "http";
    public const string Xmp = "xmp";
    public const string C2pa = "c2pa";
    public const string MatroskaTags = "matroska-tags";

    /// <summary>The note of captions.</summary>
    public const string Vtt = "vtt";

    /// <summary>The member <c>usage</c> of a document.</summary>
    public const string Json = "json";

    /// <summary>A file beside the one that it is of.</summary>
    public const string Sidecar = "xmp-sidecar";
}
