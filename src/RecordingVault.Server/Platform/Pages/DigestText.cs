namespace RecordingVault.Server.Platform.Pages;

public static class DigestText
{
    /// <summary>Both ends, in groups of four: enough for the eye. The whole stands on the recording's page.</summary>
    public static string Ends(ReadOnlySpan<byte> digest)
    {
        var hex = Convert.ToHexStringLower(digest);
        return hex.Length <= 16 ? hex : $"{hex[..4]} {hex[4..8]} … {hex[^4..]}";
    }

    public static string Whole(ReadOnlySpan<byte> digest) =>
        string.Join(' ', Convert.ToHexStringLower(digest).Chunk(8).Select(part => new string(part)));
}
