using RecordingVault.Server.Features.Sharing;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>What the vault keeps of a link's secret; the answer was made with Python's hashlib.</summary>
public sealed class ShareSecretTests
{
    [Fact]
    public void A_secret_is_kept_as_the_digest_of_a_label_the_links_id_and_itself()
    {
        var id = new Guid(Enumerable.Repeat((byte)0x11, 16).ToArray(), bigEndian: true);
        byte[] secret = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

        Assert.Equal("e4dbc5e2d0e50cff715af5ba5d630f1f914df5cc81f404a0e254dd1bc734be5b", Convert.ToHexStringLower(Share.HashSecret(id, secret)));
    }
}
