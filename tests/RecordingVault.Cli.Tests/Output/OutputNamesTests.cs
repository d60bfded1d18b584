using RecordingVault.Cli.Output;
using RecordingVault.Vault.Format;

namespace RecordingVault.Cli.Tests.Output;

public sealed class OutputNamesTests
{
    [Theory]
    [InlineData("video/ogg", ".ogv")]
    [InlineData("audio/x-flac", ".flac")]
    [InlineData("audio/X-WAV", ".wav")]
    [InlineData("image/webp", ".webp")]
    [InlineData("text/vtt", ".vtt")]
    [InlineData("text/html", "")]
    public void An_asset_is_named_by_role_and_id_with_the_ending_of_its_type(string mediaType, string ending)
    {
        var asset = new ManifestAsset(Guid.CreateVersion7(), ObjectRole.OriginalSegment, mediaType, 0, []);

        Assert.Equal($"original-{asset.Id}{ending}", OutputNames.Of(asset));
    }
}
