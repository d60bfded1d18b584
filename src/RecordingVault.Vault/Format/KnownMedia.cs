namespace RecordingVault.Vault.Format;

/// <summary>A media type that has a file ending: one table, so that a download from the server and `vault unseal` end a file's name alike.</summary>
/// <param name="Name">The usual one of its names.</param>
/// <param name="Ending">The ending that programs know, with its dot.</param>
public sealed record KnownMedia(string Name, string Ending)
{
    // The first name is the usual one.
    private static readonly (string Ending, string[] Names)[] Table =
    [
        (".mp4", ["video/mp4", "video/x-m4v"]),
        (".mov", ["video/quicktime"]),
        (".webm", ["video/webm"]),
        (".mkv", ["video/x-matroska", "video/matroska"]),
        (".ogv", ["video/ogg"]),
        (".3gp", ["video/3gpp"]),
        (".ts", ["video/mp2t"]),
        (".avi", ["video/x-msvideo"]),
        (".wmv", ["video/x-ms-asf"]),
        (".flv", ["video/x-flv"]),
        (".mpg", ["video/mpeg"]),
        (".m4a", ["audio/mp4", "audio/x-m4a", "audio/m4a"]),
        (".mp3", ["audio/mpeg", "audio/mp3"]),
        (".wav", ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]),
        (".ogg", ["audio/ogg"]),
        (".weba", ["audio/webm"]),
        (".flac", ["audio/flac", "audio/x-flac"]),
        (".aac", ["audio/aac"]),
        (".mka", ["audio/x-matroska"]),
        (".3gp", ["audio/3gpp"]),
        (".jpg", ["image/jpeg"]),
        (".png", ["image/png"]),
        (".webp", ["image/webp"]),
        (".vtt", ["text/vtt"]),
        (".txt", ["text/plain"]),
        (".json", ["application/json"]),
    ];

    private static readonly Dictionary<string, KnownMedia> Known =
        (from row in Table from name in row.Names select (name, new KnownMedia(row.Names[0], row.Ending))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Film or sound, which a player plays; what remains is read or looked at.</summary>
    public bool IsPlayed => Name.StartsWith("video/", StringComparison.Ordinal) || Name.StartsWith("audio/", StringComparison.Ordinal);

    /// <summary>Null when it is not in the table.</summary>
    public static KnownMedia? Find(string mediaType) => Known.GetValueOrDefault(mediaType);
}
