using System.IO.Pipelines;
using System.Text.Json;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>Reads a recording's assets, or one range, through its manifest.</summary>
internal static class RecordingReads
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task AllAsync(VectorCase vector, RecoveredRecording recording, TakenBytes taken)
    {
        var digests = new List<string>();
        foreach (var asset in recording.Manifest.Assets)
        {
            using var one = new TakenBytes();
            try
            {
                await ReadAsync(recording, asset, 0, asset.Length, one);
            }
            finally
            {
                taken.Write(new byte[one.Length]);
            }
            Assert.Equal(asset.Length, one.Length);
            digests.Add(one.Digest);
        }

        var expected = vector.Expect.GetProperty("assets").EnumerateArray().ToList();
        Assert.Equal(expected.Count, digests.Count);
        foreach (var (asset, digest, wanted) in recording.Manifest.Assets.Zip(digests, expected)) AssertAsset(wanted, asset, digest);
    }

    public static async Task RangeAsync(VectorCase vector, RecoveredRecording recording, JsonElement read, TakenBytes taken)
    {
        var asset = recording.Manifest.Assets.Single(asset => asset.Id == read.GetProperty("asset").GetGuid());

        await ReadAsync(recording, asset, read.GetProperty("offset").GetInt64(), read.GetProperty("length").GetInt64(), taken);

        Assert.Equal(vector.Expect.GetProperty("length").GetInt64(), taken.Length);
        Assert.Equal(vector.Expect.GetProperty("sha256").GetString(), taken.Digest);
    }

    private static void AssertAsset(JsonElement wanted, ManifestAsset asset, string digest)
    {
        Assert.Equal(wanted.GetProperty("id").GetGuid(), asset.Id);
        Assert.Equal(wanted.GetProperty("role").GetInt32(), (int)asset.Role);
        Assert.Equal(wanted.GetProperty("mediaType").GetString(), asset.MediaType);
        Assert.Equal(wanted.GetProperty("length").GetInt64(), asset.Length);
        Assert.Equal(wanted.GetProperty("sha256").GetString(), digest);
    }

    // Both ways out must let go the same bytes.
    private static async Task ReadAsync(RecoveredRecording recording, ManifestAsset asset, long offset, long length, TakenBytes taken)
    {
        using var reader = recording.OpenAsset(asset);
        await using (var range = await reader.OpenRangeAsync(offset, length, Cancellation)) await range.CopyToAsync(taken, Cancellation);

        using var piped = new TakenBytes();
        await using (var range = await reader.OpenRangeAsync(offset, length, Cancellation)) await range.CopyToAsync(PipeWriter.Create(piped), null, Cancellation);
        Assert.Equal(taken.Digest, piped.Digest);
    }
}
