using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>Seals a good case's plaintext again under its own header: all our writers must give its very bytes. Only a test does that.</summary>
internal static class Resealing
{
    public static async Task ObjectAsync(byte[] sealedBytes, SecretKey key, ReadOnlyMemory<byte> plaintext)
    {
        var header = SealedHeader.Parse(sealedBytes);
        var salt = sealedBytes[SealedHeader.Salt];

        using var streamed = new MemoryStream();
        await using (var sealing = new SealingStream(new MemoryStream(plaintext.ToArray()), key, header, salt))
            await sealing.CopyToAsync(streamed, TestContext.Current.CancellationToken);
        Assert.Equal(sealedBytes, streamed.ToArray());

        using var buffer = await new SegmentPool(1, 1).RentAsync(TestContext.Current.CancellationToken);
        buffer.Append(plaintext.Span);
        buffer.BeginSealing(key, new SegmentSealing(header, salt, Guid.Empty));
        buffer.Hold();
        Assert.Equal(sealedBytes, buffer.Seal().ToArray());
        buffer.Release();
    }
}
