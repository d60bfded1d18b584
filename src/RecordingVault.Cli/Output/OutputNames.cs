using RecordingVault.Vault.Format;

namespace RecordingVault.Cli.Output;

/// <summary>Names of what is written: ids, and an ending that programs know. Titles make no file names, since people write them.</summary>
internal static class OutputNames
{
    public const string Card = "card.json";

    public static string Of(ManifestAsset asset) => $"{WordOf(asset.Role)}-{asset.Id}{KnownMedia.Find(asset.MediaType)?.Ending}";

    /// <summary>The role in words, as the bucket's folders have them.</summary>
    public static string WordOf(ObjectRole role) => role switch
    {
        ObjectRole.OriginalSegment => "original",
        _ => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString()),
    };
}
