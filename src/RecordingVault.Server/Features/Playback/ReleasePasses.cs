using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>What one asker was let through for, in an open release. It holds no key.</summary>
internal sealed class ReleasePass
{
    public required Guid ReleaseId { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid RecordingId { get; init; }
    public required ManifestAsset Asset { get; init; }

    /// <summary>The sealed layout that it leaves by; null where it leaves without a mark in it.</summary>
    public required ManifestAsset? Stored { get; init; }

    /// <summary>The object of its front, where it was signed.</summary>
    public Guid? Signed { get; init; }

    /// <summary>It can't be marked, though its kind can.</summary>
    public required bool IsUnmarked { get; init; }
    public required UsageTag Tag { get; init; }
    public required StandingEnd? End { get; init; }

    /// <summary>The tenant's revocation counter from before the decision was made.</summary>
    public required long Revocations { get; init; }

    /// <summary>The film's average rate, where he may watch and not keep it; null where nothing is paced.</summary>
    public required double? PacedBytesPerSecond { get; init; }

    /// <summary>Timestamp.</summary>
    public long UsedAt { get; set; }
}

/// <summary>
/// Passes of the last minute. A seek's ranges come many a second: each is checked against the tenant's revocation counter, the end of the permission
/// and the release's idle limit, and only when one of them moved are the rows read again. 16,384 a node at most.
/// </summary>
internal sealed class ReleasePasses(RevocationCounters counters, TimeProvider time) : IDisposable
{
    /// <summary>Far within the ten minutes that a release stays open without a request.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly MemoryCache passes = new(new MemoryCacheOptions { SizeLimit = 16_384 });

    /// <summary>Null when there is none that is still good: then the gate decides.</summary>
    public ReleasePass? Find(Guid tenantId, Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose)
    {
        if (!passes.TryGetValue(new Place(tenantId, asker.Kind, asker.Id, asker.GrantId, recordingId, wish, purpose, asker.For, asker.Processor), out ReleasePass? pass) || pass is null)
            return null;
        if (!counters.TryGet(tenantId, out var counter) || counter != pass.Revocations || time.GetElapsedTime(pass.UsedAt) >= KeptFor || pass.End?.At <= time.Now())
            return null;
        pass.UsedAt = time.GetTimestamp();
        return pass;
    }

    public void Keep(Asker asker, AssetWish wish, ReleasePurpose purpose, ReleasePass pass)
    {
        pass.UsedAt = time.GetTimestamp();
        passes.Set(
            new Place(pass.TenantId, asker.Kind, asker.Id, asker.GrantId, pass.RecordingId, wish, purpose, asker.For, asker.Processor), pass,
            new MemoryCacheEntryOptions { SlidingExpiration = KeptFor, Size = 1 });
    }

    public void Dispose() => passes.Dispose();

    private sealed record Place(Guid TenantId, AuditActorKind Kind, Guid AskerId, Guid GrantId, Guid RecordingId, AssetWish Wish, ReleasePurpose Purpose, Purpose For, Guid? Processor);
}
