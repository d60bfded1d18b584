namespace RecordingVault.Server.Features.Playback;

/// <summary>How a stored media type goes out: what a player is told, what a download is told, and its file ending.</summary>
internal sealed record ServedMedia(string Inline, string Attachment, string Extension)
{
    private static readonly ServedMedia Unknown = new("application/octet-stream", "application/octet-stream", ".bin");

    /// <summary>The uploader's word is a stranger's word: only these leave as what they say, all else as plain bytes (security.md 7).</summary>
    private static readonly Dictionary<string, ServedMedia> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["video/mp4"] = Same("video/mp4", ".mp4"),
        ["video/x-m4v"] = Same("video/mp4", ".mp4"),
        // Browsers play what stands in a QuickTime file but refuse it under its own name.
        ["video/quicktime"] = new("video/mp4", "video/quicktime", ".mov"),
        ["video/webm"] = Same("video/webm", ".webm"),
        ["video/x-matroska"] = Same("video/x-matroska", ".mkv"),
        ["video/matroska"] = Same("video/x-matroska", ".mkv"),
        ["video/ogg"] = Same("video/ogg", ".ogv"),
        ["audio/mp4"] = Same("audio/mp4", ".m4a"),
        ["audio/x-m4a"] = Same("audio/mp4", ".m4a"),
        ["audio/m4a"] = Same("audio/mp4", ".m4a"),
        ["audio/mpeg"] = Same("audio/mpeg", ".mp3"),
        ["audio/mp3"] = Same("audio/mpeg", ".mp3"),
        ["audio/wav"] = Same("audio/wav", ".wav"),
        ["audio/x-wav"] = Same("audio/wav", ".wav"),
        ["audio/wave"] = Same("audio/wav", ".wav"),
        ["audio/vnd.wave"] = Same("audio/wav", ".wav"),
        ["audio/ogg"] = Same("audio/ogg", ".ogg"),
        ["audio/webm"] = Same("audio/webm", ".weba"),
        ["audio/flac"] = Same("audio/flac", ".flac"),
        ["audio/x-flac"] = Same("audio/flac", ".flac"),
        ["audio/aac"] = Same("audio/aac", ".aac"),
        ["audio/x-matroska"] = Same("audio/x-matroska", ".mka"),
        ["video/3gpp"] = Same("video/3gpp", ".3gp"),
        ["audio/3gpp"] = Same("audio/3gpp", ".3gp"),
        ["video/mp2t"] = Same("video/mp2t", ".ts"),
        ["video/x-msvideo"] = Same("video/x-msvideo", ".avi"),
        ["video/x-ms-asf"] = Same("video/x-ms-asf", ".wmv"),
    };

    public static ServedMedia Of(string storedMediaType) => Known.GetValueOrDefault(storedMediaType, Unknown);

    private static ServedMedia Same(string mediaType, string extension) => new(mediaType, mediaType, extension);
}
