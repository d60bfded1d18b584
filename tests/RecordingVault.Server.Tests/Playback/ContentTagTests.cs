using System.Security.Cryptography;
using RecordingVault.Server.Features.Playback;

namespace RecordingVault.Server.Tests.Playback;

[Trait("Run", "Once")]
public sealed class ContentTagTests
{
    [Fact]
    public void A_tag_is_made_from_the_asset_and_never_from_its_content()
    {
        var asset = new Guid("11111111-2222-3333-4444-555555555555");
        byte[] named = [.. Convert.FromHexString("11111111222233334444555555555555"), .. new byte[32], .. new byte[4]];

        var tag = ContentTag.Of(asset, default);

        Assert.False(tag.IsWeak);
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(named)[..16])}\"", tag.ToString());
    }
}
