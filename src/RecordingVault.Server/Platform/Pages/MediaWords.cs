using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>What kind of file it is, as people say it: "MP4 video".</summary>
internal static class MediaWords
{
    public static string Of(string mediaType) =>
        KnownMedia.Find(mediaType) is not { } media ? "A file"
        : $"{media.Ending[1..].ToUpperInvariant()} {(media.Name.StartsWith("video/", StringComparison.Ordinal) ? "video" : media.IsPlayed ? "sound" : "file")}";
}
