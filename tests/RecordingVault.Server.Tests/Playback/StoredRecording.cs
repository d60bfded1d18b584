using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A recording that was put into the vault through the services that an upload uses.</summary>
/// <param name="Content">As it is stored.</param>
internal sealed record StoredRecording(TestVault Vault, TestTenant Tenant, Guid Id, ManifestAsset Asset, byte[] Content)
{
    public const int SegmentLength = 150_000;

    /// <summary>What leaves of it, by the library that the vault uses, with the strictest tag: what nobody has read the marks of has no other.</summary>
    public byte[] Leaves => MarkedFile.Of(Content, Asset.MediaType, UsageTag.NoTdm);

    public string Path => $"/api/v1/recordings/{Id}";

    public static Task<StoredRecording> PutAsync(TestVault vault, TestTenant tenant, int length, CancellationToken cancellationToken, string mediaType = "video/mp4") =>
        PutAsync(vault, tenant, ContentOf(mediaType, length), (store, key) => StoreAsync(store, key, ContentOf(mediaType, length), mediaType, cancellationToken), cancellationToken);

    /// <summary>One of which so many bytes leave.</summary>
    public static Task<StoredRecording> PutLeavingAsync(TestVault vault, TestTenant tenant, int length, CancellationToken cancellationToken) =>
        PutAsync(vault, tenant, length - Mp4Layout.FrontLength, cancellationToken);

    /// <summary>Five gigabytes of which only the first segment, with its index, and one deep inside were ever stored: whoever reads another one fails.</summary>
    public static async Task<(StoredRecording Recording, long Offset)> PutDeepAsync(TestVault vault, TestTenant tenant, CancellationToken cancellationToken)
    {
        const int segments = 1_280;
        const int stored = 1_200;
        var content = Film.Make(SegmentBuffer.Capacity, (long)segments * SegmentBuffer.Capacity);
        var recording = await PutAsync(
            vault,
            tenant,
            content,
            async (store, key) =>
            {
                var first = (await StoreAsync(store, key, content, "video/mp4", cancellationToken, SegmentBuffer.Capacity)).Segments[0];
                var there = (await StoreAsync(store, key, content, "video/mp4", cancellationToken, SegmentBuffer.Capacity)).Segments[0];
                var refs = Enumerable.Range(0, segments).Select(i => i == 0 ? first : i == stored ? there : new SegmentRef(Guid.CreateVersion7(), new byte[32], SegmentBuffer.Capacity)).ToList();
                return new ManifestAsset(Guid.CreateVersion7(), ObjectRole.OriginalSegment, "video/mp4", (long)segments * SegmentBuffer.Capacity, refs);
            },
            cancellationToken);
        return (recording, (long)stored * SegmentBuffer.Capacity + Mp4Layout.FrontLength);
    }

    public static async Task<StoredRecording> PutAsync(
        TestVault vault, TestTenant tenant, byte[] content, Func<SealedStore, OwnerKey, Task<ManifestAsset>> store, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.GetRequiredService<SystemScope>().Enter(tenant.Id);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var sealedStore = vault.Services.GetRequiredService<SealedStore>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var creation = scope.ServiceProvider.GetRequiredService<RecordingCreation>();
        var (id, key) = await creation.PrepareAsync(cancellationToken);
        using (key)
        {
            var recording = await creation.AddAsync(new RecordingSeed(id, key), new NewRecording("A title with a marker", null, []), Guid.CreateVersion7(), Actor.System, cancellationToken);
            var asset = await store(sealedStore, key);
            var manifest = await sealedStore.PutManifestAsync(key, new Manifest(tenant.Id, recording.Id, 1, null, [asset]), cancellationToken);
            recording.Commit(manifest, asset.Length, recording.CreatedAt);
            db.RecordingAssets.Add(new RecordingAsset
            {
                TenantId = tenant.Id,
                Id = asset.Id,
                RecordingId = recording.Id,
                Role = asset.Role,
                MediaType = asset.MediaType,
                SizeInBytes = asset.Length,
                FileName = SealedText.Seal(key, tenant.Id, asset.Id, RecordingAsset.FileNameColumn, "Müller 6.mov"),
            });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new StoredRecording(vault, tenant, recording.Id, asset, content);
        }
    }

    /// <summary>Has it laid out now, as the job does that an upload nudges.</summary>
    public async Task<StoredRecording> LaidOutAsync(CancellationToken cancellationToken)
    {
        await using var scope = Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        await scope.ServiceProvider.GetRequiredService<LayoutMaking>().RunAsync(Id, cancellationToken);
        return this;
    }

    /// <summary>Has it signed now, as the job does that a download nudges.</summary>
    public async Task<StoredRecording> SignedAsync(CancellationToken cancellationToken)
    {
        await using var scope = Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        await scope.ServiceProvider.GetRequiredService<FrontMaking>().RunAsync(Asset.Id, cancellationToken);
        return this;
    }

    /// <summary>The file of one of its sealed segments.</summary>
    public string SegmentFile(int segment) =>
        Directory.EnumerateFiles(Vault.DataDirectory, Asset.Segments[segment].ObjectId.ToString(), SearchOption.AllDirectories).Single();

    public static async Task<ManifestAsset> StoreAsync(
        SealedStore store, OwnerKey key, byte[] content, string mediaType, CancellationToken cancellationToken, int segmentLength = SegmentLength)
    {
        var segments = new List<SegmentRef>();
        for (var offset = 0; offset < content.Length; offset += segmentLength)
        {
            using var buffer = await store.RentSegmentAsync(cancellationToken);
            var part = content.AsMemory(offset, Math.Min(segmentLength, content.Length - offset));
            while (!part.IsEmpty)
            {
                var room = buffer.GetMemory();
                var count = Math.Min(room.Length, part.Length);
                part[..count].CopyTo(room);
                buffer.Advance(count);
                part = part[count..];
            }

            segments.Add(await store.PutSegmentAsync(key, ObjectRole.OriginalSegment, buffer, cancellationToken));
        }

        return new ManifestAsset(Guid.CreateVersion7(), ObjectRole.OriginalSegment, mediaType, content.Length, segments);
    }

    private static byte[] ContentOf(string mediaType, int length) => mediaType is "video/mp4" or "video/quicktime" or "audio/mp4" && length >= Film.Shortest ? Film.Make(length) : Film.Bytes(length);
}
