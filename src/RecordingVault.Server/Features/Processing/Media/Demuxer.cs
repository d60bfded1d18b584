namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>
/// The one of ffmpeg's readers that a file is given to, chosen by what its first bytes were when it came in and never by ffmpeg's own guess: a playlist
/// dressed as a film is then no film. What is not in this list is not processed.
/// </summary>
/// <param name="Name">As ffmpeg's -f takes it.</param>
internal sealed record Demuxer(string Name)
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["video/mp4"] = "mov",
        ["video/quicktime"] = "mov",
        ["video/3gpp"] = "mov",
        ["audio/mp4"] = "mov",
        ["audio/3gpp"] = "mov",
        ["video/webm"] = "matroska",
        ["audio/webm"] = "matroska",
        ["video/x-matroska"] = "matroska",
        ["audio/x-matroska"] = "matroska",
        ["video/ogg"] = "ogg",
        ["audio/ogg"] = "ogg",
        ["video/x-msvideo"] = "avi",
        ["video/x-ms-asf"] = "asf",
        ["video/x-flv"] = "flv",
        ["video/mp2t"] = "mpegts",
        ["video/mpeg"] = "mpeg",
        ["audio/wav"] = "wav",
        ["audio/mpeg"] = "mp3",
        ["audio/aac"] = "aac",
        ["audio/flac"] = "flac",
    };

    /// <summary>Null for what is not processed.</summary>
    public static Demuxer? For(string mediaType) => Names.TryGetValue(mediaType, out var name) ? new Demuxer(name) : null;

    /// <summary>
    /// What stands before the input. `http` is the source on the sandbox's own loopback, and no other protocol may be opened by anything that a file names;
    /// the mov reader follows no data reference, which is its default, said aloud (no other reader knows the option).
    /// </summary>
    public string InputArguments => $"-protocol_whitelist http,tcp -format_whitelist {Name} -f {Name}{(Name == "mov" ? " -enable_drefs 0" : "")} -max_pixels {MediaFacts.MostPixels}";
}
