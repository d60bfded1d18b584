using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>What kind of file it is, as people say it: "MP4 video".</summary>
internal static class MediaWords
{
    /// <summary>What came in with a film, by its role in the API.</summary>
    public static string Beside(string role) => role switch
    {
        "audio" => "sound",
        "captions" => "captions",
        "transcript" => "transcript",
        "chat" => "chat",
        "original" => "another film",
        _ => "another file",
    };

    public static string Of(string mediaType) =>
        KnownMedia.Find(mediaType) is not { } media ? "A file"
        : $"{media.Ending[1..].ToUpperInvariant()} {(media.Name.StartsWith("video/", StringComparison.Ordinal) ? "video" : media.IsPlayed ? "sound" : "file")}";
}
