using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Cli.Tests.Bucket;

/// <summary>A vault's folder with one tenant, written by the store that the server writes with, and the root key in a file beside it.</summary>
internal sealed class TestBucket : IAsyncDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("recordingvault-cli-").FullName;
    private readonly SealedStore store;
    private readonly RootKey root;
    private readonly TenantKey tenantKey;

    private TestBucket()
    {
        store = SealedStore.OpenFolder(Folder);
        root = FileRootKey.Create(RootKeyFile).Load();
        (tenantKey, TenantWrap) = KeyHierarchy.NewTenantKey(root, TenantId);
    }

    public Guid TenantId { get; } = Guid.CreateVersion7();

    public WrappedKey TenantWrap { get; }

    public string Folder => Path.Combine(home, "store");

    public string RootKeyFile => Path.Combine(home, "root.key");

    public string Out => Path.Combine(home, "out");

    public static async Task<TestBucket> CreateAsync(CancellationToken cancellationToken)
    {
        var bucket = new TestBucket();
        await bucket.store.PutKeyAsync(bucket.TenantWrap, cancellationToken);
        return bucket;
    }

    /// <summary>A recording of one original, cut at <paramref name="segmentLengths"/>, and captions.</summary>
    public async Task<TestRecording> PutRecordingAsync(string title, int[] segmentLengths, CancellationToken cancellationToken)
    {
        var recordingId = Guid.CreateVersion7();
        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, recordingId);
        using var owner = key;
        await store.PutKeyAsync(wrap, cancellationToken);

        var original = RandomNumberGenerator.GetBytes(segmentLengths.Sum());
        var segments = new List<SegmentRef>();
        var at = 0;
        foreach (var length in segmentLengths)
        {
            segments.Add(await store.PutObjectAsync(owner, ObjectRole.OriginalSegment, original.AsMemory(at, length), cancellationToken));
            at += length;
        }
        var captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning\n"u8.ToArray();
        var captionsSegment = await store.PutObjectAsync(owner, ObjectRole.Captions, captions, cancellationToken);
        var manifest = new Manifest(TenantId, recordingId, 1, null,
        [
            new ManifestAsset(Guid.CreateVersion7(), ObjectRole.OriginalSegment, "video/mp4", original.Length, segments),
            new ManifestAsset(Guid.CreateVersion7(), ObjectRole.Captions, "text/vtt", captions.Length, [captionsSegment]),
        ]);
        await store.PutManifestAsync(owner, manifest, cancellationToken);
        var card = new Card
        {
            TenantId = TenantId,
            RecordingId = recordingId,
            Title = title,
            RecordedAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero),
            People = [new CardPerson("Anna Ek", "anna@example.org")],
            UsageTag = "no-tdm",
            Label = "confidential",
            RetentionDate = new DateOnly(2028, 3, 2),
        };
        await store.PutCardAsync(owner, card, 1, cancellationToken);
        return new TestRecording(recordingId, manifest, original, captions);
    }

    /// <summary>A piece of evidence or an export package: one object of several chunks, in no manifest. Returns its name.</summary>
    public async Task<string> PutWholeAsync(KeyKind kind, ObjectRole role, byte[] content, CancellationToken cancellationToken)
    {
        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, kind, Guid.NewGuid());
        using var owner = key;
        await store.PutKeyAsync(wrap, cancellationToken);
        var whole = await store.PutWholeAsync(owner, role, new MemoryStream(content), cancellationToken);
        var folder = role == ObjectRole.Evidence ? "evidence" : "export-package";
        return $"{wrap.ObjectName[..wrap.ObjectName.IndexOf("/key/", StringComparison.Ordinal)]}/{folder}/{whole.ObjectId}";
    }

    /// <summary>What an upload that did not end leaves: a key, a segment, and no manifest.</summary>
    public async Task<Guid> PutUnfinishedAsync(CancellationToken cancellationToken)
    {
        var recordingId = Guid.CreateVersion7();
        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, recordingId);
        using var owner = key;
        await store.PutKeyAsync(wrap, cancellationToken);
        await store.PutObjectAsync(owner, ObjectRole.OriginalSegment, new byte[] { 1, 2, 3 }, cancellationToken);
        return recordingId;
    }

    /// <summary>The name of an asset's segment in the bucket.</summary>
    public string NameOf(TestRecording recording, ManifestAsset asset, int segment) =>
        $"t/{TenantId}/r/{recording.Id}/{(asset.Role == ObjectRole.Captions ? "captions" : "original")}/{asset.Segments[segment].ObjectId}";

    /// <summary>The file in which the store keeps it.</summary>
    public string FileOf(string name) => Directory.EnumerateFiles(Folder, Path.GetFileName(name), SearchOption.AllDirectories).Single();

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        root.Dispose();
        tenantKey.Dispose();
        Directory.Delete(home, recursive: true);
    }
}

internal sealed record TestRecording(Guid Id, Manifest Manifest, byte[] Original, byte[] Captions)
{
    public ManifestAsset OriginalAsset => Manifest.Assets[0];

    public ManifestAsset CaptionsAsset => Manifest.Assets[1];

    public string OriginalFile => $"original-{OriginalAsset.Id}.mp4";

    public string CaptionsFile => $"captions-{CaptionsAsset.Id}.vtt";
}
