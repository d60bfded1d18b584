using RecordingVault.Vault.Format;

namespace RecordingVault.Cli.Output;

/// <summary>Names of what is written: ids, and an ending that programs know. Titles make no file names, since people write them.</summary>
internal static class OutputNames
{
    public const string Card = "card.json";

    private static readonly Dictionary<string, string> Endings = new(StringComparer.Ordinal)
    {
        ["video/mp4"] = ".mp4",
        ["video/webm"] = ".webm",
        ["video/x-matroska"] = ".mkv",
        ["video/quicktime"] = ".mov",
        ["audio/mpeg"] = ".mp3",
        ["audio/mp4"] = ".m4a",
        ["audio/wav"] = ".wav",
        ["audio/x-wav"] = ".wav",
        ["audio/ogg"] = ".ogg",
        ["audio/webm"] = ".weba",
        ["image/jpeg"] = ".jpg",
        ["image/png"] = ".png",
        ["image/webp"] = ".webp",
        ["text/vtt"] = ".vtt",
        ["text/plain"] = ".txt",
        ["application/json"] = ".json",
    };

    public static string Of(ManifestAsset asset) => $"{WordOf(asset.Role)}-{asset.Id}{Endings.GetValueOrDefault(asset.MediaType, "")}";

    /// <summary>The role in words, as the bucket's folders have them.</summary>
    public static string WordOf(ObjectRole role) => role switch
    {
        ObjectRole.OriginalSegment => "original",
        _ => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString()),
    };
}
