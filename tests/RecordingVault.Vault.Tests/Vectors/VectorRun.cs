using System.Text.Json.Nodes;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>Opens what a case holds by the code that the server uses, and compares what it opened with what the case expects.</summary>
internal static class VectorRun
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task RunAsync(VectorCase vector, TakenBytes taken) => vector.Kind switch
    {
        "object" => ObjectAsync(vector, taken),
        "recording" => RecordingAsync(vector, taken),
        "wrap" => Now(() => Wrap(vector)),
        "manifest" => Now(() => ManifestText(vector)),
        "card" => Now(() => CardText(vector)),
        "sealed-text" => Now(() => Text(vector)),
        "xaes" => Now(() => Xaes(vector)),
        "root-id" => Now(() => RootId(vector)),
        "digest" => Now(() => Digest(vector)),
        _ => throw new InvalidOperationException($"The kind {vector.Kind} is not known."),
    };

    private static Task Now(Action run)
    {
        run();
        return Task.CompletedTask;
    }

    private static async Task ObjectAsync(VectorCase vector, TakenBytes taken)
    {
        using var folder = new TemporaryFolder();
        await using var store = FolderObjectStore.Open(folder.Path);
        var name = ObjectName.Parse("t/x");
        var bytes = vector.Bytes("sealed");
        SealedHeader? place = vector.TryGet("place", out _)
            ? new SealedHeader((ObjectRole)vector.PlaceNumber("role"), vector.PlaceId("tenant"), vector.PlaceId("owner"), vector.PlaceId("object"))
            : null;
        using var key = new TenantKey(Guid.Empty, Guid.Empty, vector.Hex("key"));
        await store.PutAsync(name, bytes, Cancellation);

        await LoneObject.CopyAsync(store, name, key, place, taken, Cancellation);
        using var whole = LoneObject.Open(bytes, key, place);

        Assert.Equal(vector.Expect.GetProperty("length").GetInt64(), taken.Length);
        Assert.Equal(vector.Expect.GetProperty("sha256").GetString(), taken.Digest);
        Assert.Equal(taken.Digest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole.Span)));
        await Resealing.ObjectAsync(bytes, key, whole.Memory);
    }

    private static void Wrap(VectorCase vector)
    {
        using var wrapping = new TenantKey(vector.Id("keyId"), Guid.Empty, vector.Hex("key"));
        var wrap = WrappedKey.Parse(vector.Bytes("sealed"));
        new KeyPlace((KeyKind)vector.PlaceNumber("kind"), vector.PlaceId("tenant"), vector.PlaceId("owner"), wrap.WrappingKeyId, wrap.KeyId).Require(wrap);
        var secret = new byte[32];
        KeyWrapping.Open(wrapping, wrap, secret);

        Assert.Equal(vector.Expect.GetProperty("key").GetString(), Convert.ToHexStringLower(secret));
        Assert.Equal(vector.Expect.GetProperty("keyId").GetGuid(), wrap.KeyId);
        using var key = new TenantKey(wrap.KeyId, Guid.Empty, secret);
        Assert.Equal(wrap.Bytes.ToArray(), KeyWrapping.Wrap(wrapping, wrap.Kind, wrap.TenantId, wrap.OwnerId, key, wrap.Bytes.Span[WrapLayout.Nonce]).Bytes.ToArray());
    }

    private static void ManifestText(VectorCase vector)
    {
        var manifest = ManifestReader.Read(vector.Bytes("text"), vector.PlaceId("tenant"), vector.PlaceId("recording"), vector.PlaceNumber("seq"));

        Assert.Equal(vector.Expect.GetProperty("assets").GetInt32(), manifest.Assets.Count);
        Assert.Equal(vector.Expect.GetProperty("segments").GetInt32(), manifest.Assets.Sum(asset => asset.Segments.Count));
        Assert.Equal(vector.Expect.GetProperty("length").GetInt64(), manifest.Assets.Sum(asset => asset.Length));
    }

    private static void CardText(VectorCase vector)
    {
        var sequence = vector.PlaceNumber("seq");
        var card = CardReader.Read(vector.Bytes("text"), vector.PlaceId("tenant"), vector.PlaceId("recording"), sequence);

        if (vector.Expect.TryGetProperty("people", out var people)) Assert.Equal(people.GetInt32(), card.People.Count);
        if (!vector.Expect.TryGetProperty("card", out var expected)) return;
        using var written = new WipedBytes();
        ManifestWriter.Write(card, sequence, written);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected.GetRawText()), JsonNode.Parse(written.Span)));
    }

    private static void Text(VectorCase vector)
    {
        using var key = new TenantKey(Guid.Empty, Guid.Empty, vector.Hex("key"));
        var place = new ColumnPlace(vector.Id("tenant"), vector.Id("row"), vector.Text("column"));
        vector.TryGet("generation", out var generation);
        var bytes = vector.Bytes("sealed");
        var text = TextSealing.Open(key, generation.GetUInt32(), place, bytes);

        Assert.Equal(vector.Expect.GetProperty("text").GetString(), text);
        Assert.Equal(bytes, TextSealing.Seal(key, generation.GetUInt32(), place, text, bytes.AsSpan(5, 24)));
    }

    private static void Xaes(VectorCase vector)
    {
        var bytes = vector.Bytes("sealed");
        var text = bytes.AsSpan(0, bytes.Length - 16).ToArray();
        if (!Xaes256Gcm.TryOpen(vector.Hex("key"), vector.Hex("nonce"), text, bytes.AsSpan(text.Length), vector.Hex("aad")))
            throw new SealedFormatException(FormatFailure.Damaged, "The tag does not fit.");

        Assert.Equal(vector.Expect.GetProperty("plaintext").GetString(), Convert.ToHexStringLower(text));
    }

    private static void RootId(VectorCase vector)
    {
        using var key = RootKey.FromBytes(vector.Hex("key"));

        Assert.Equal(vector.Expect.GetProperty("keyId").GetGuid(), key.Id);
    }

    private static void Digest(VectorCase vector)
    {
        using var key = new TenantDataKey(Guid.Empty, Guid.Empty, vector.Hex("key"));

        Assert.Equal(vector.Expect.GetProperty("digest").GetString(), Convert.ToHexStringLower(KeyedDigest.Compute(key, vector.Text("column"), vector.Text("text"))));
    }

    private static async Task RecordingAsync(VectorCase vector, TakenBytes taken)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in vector.Objects())
        {
            var path = Path.Combine(folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes, Cancellation);
        }
        await using var bucket = BucketReader.OpenFolder(folder.Path);
        using var root = RootKey.FromBytes(vector.Hex("rootKey"));
        ReadOnlyMemory<byte>? digest = vector.TryGet("digest", out _) ? vector.Hex("digest") : default(ReadOnlyMemory<byte>?);

        using var recording = await bucket.OpenRecordingAsync(root, vector.Id("tenant"), vector.Id("recording"), digest, Cancellation);
        if (vector.TryGet("read", out var read)) await RecordingReads.RangeAsync(vector, recording, read, taken);
        else await RecordingReads.AllAsync(vector, recording, taken);
    }
}
