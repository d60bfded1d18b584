using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>How a stored media type goes out: what a player is told, what a download is told, and its file ending.</summary>
internal sealed record ServedMedia(string Inline, string Attachment, string Extension)
{
    /// <summary>Bytes of which nothing is said.</summary>
    public static readonly ServedMedia Plain = new("application/octet-stream", "application/octet-stream", ".bin");

    /// <summary>The uploader's word is a stranger's word: only film and sound that we know leave as what they say, all else as plain bytes (security.md 7).</summary>
    public static ServedMedia Of(string storedMediaType) =>
        KnownMedia.Find(storedMediaType) is { IsPlayed: true } media ? new(InlineName(media), media.Name, media.Ending) : Plain;

    /// <summary>The pictures are our own work.</summary>
    public static ServedMedia Of(ManifestAsset asset) => asset.Role switch
    {
        ObjectRole.Poster or ObjectRole.Thumbnails => new("image/jpeg", "image/jpeg", ".jpg"),
        _ => Of(asset.MediaType),
    };

    // Browsers play what stands in a QuickTime file but refuse it under its own name.
    private static string InlineName(KnownMedia media) => media.Name == "video/quicktime" ? "video/mp4" : media.Name;
}
