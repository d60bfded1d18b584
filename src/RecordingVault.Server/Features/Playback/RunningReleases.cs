using System.Collections.Concurrent;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Playback;

/// <summary>What this node sends at this moment, by tenant, and what it sent and has not written down yet.</summary>
internal sealed class RunningReleases(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TenantReleases> tenants = new();

    public IEnumerable<TenantReleases> Tenants => tenants.Values;

    /// <summary>Timestamp of the watch's last look.</summary>
    public long LookedAt { get; set; }

    /// <summary>A stream of content begins; it is watched until it is disposed.</summary>
    /// <param name="stop">Called at most once, from any thread, when the response must not go on.</param>
    /// <returns>Null when as many run already as one grant may have.</returns>
    public RunningRelease? TryBegin(OpenedRelease release, Action stop)
    {
        var tenant = Of(release.TenantId);
        if (!tenant.Streams.TryEnter(release.Asker.GrantId))
            return null;
        var running = new RunningRelease(tenant, tenant.Streams, stop, time)
        {
            Revocations = release.Revocations,
            Asker = release.Asker,
            RecordingId = release.RecordingId,
            Purpose = release.Purpose,
            AssetId = release.Asset.Id,
            IsUnmarked = release.IsUnmarked,
            End = release.End,
            Account = tenant.Hold(release, time.Now()),
        };
        tenant.Running.TryAdd(running, default);
        return running;
    }

    /// <summary>A stream of events begins: it sends no content and is told when content would be refused.</summary>
    /// <param name="revocations">The tenant's counter from before the asker was checked.</param>
    /// <returns>Null when as many run already as one grant may have.</returns>
    public RunningRelease? TryListen(Guid tenantId, Asker asker, Guid recordingId, StandingEnd? end, long revocations, Action stop)
    {
        var tenant = Of(tenantId);
        if (!tenant.Listeners.TryEnter(asker.GrantId))
            return null;
        var running = new RunningRelease(tenant, tenant.Listeners, stop, time)
        {
            IsListener = true,
            Asker = asker,
            RecordingId = recordingId,
            Purpose = ReleasePurpose.View,
            End = end,
            Revocations = revocations,
        };
        tenant.Running.TryAdd(running, default);
        return running;
    }

    /// <summary>A package begins: each recording in it is watched, and what stops one of them stops it. It takes one place of its grant.</summary>
    /// <param name="recordings">With the tags that their files say.</param>
    /// <param name="revocations">The tenant's counter from before the asker was checked.</param>
    /// <returns>Null when as many run already as one grant may have.</returns>
    public RunningPackage? TryBeginPackage(Guid tenantId, Asker asker, IReadOnlyList<(Guid RecordingId, PackedTag Packed)> recordings, StandingEnd? end, long revocations, Action stop)
    {
        var tenant = Of(tenantId);
        if (!tenant.Streams.TryEnter(asker.GrantId))
            return null;
        var running = recordings.Select((recording, i) => new RunningRelease(tenant, i == 0 ? tenant.Streams : null, stop, time)
        {
            Asker = asker,
            RecordingId = recording.RecordingId,
            Purpose = ReleasePurpose.Download,
            Packed = recording.Packed,
            End = end,
            Revocations = revocations,
        }).ToList();
        foreach (var one in running)
            tenant.Running.TryAdd(one, default);
        return new RunningPackage(running);
    }

    /// <summary>An answer without content (HEAD, 304) belongs to the release too.</summary>
    public void Note(OpenedRelease release) => Of(release.TenantId).Hold(release, time.Now()).Drop();

    private TenantReleases Of(Guid tenantId)
    {
        var tenant = tenants.GetOrAdd(tenantId, static (id, now) => new TenantReleases(id, now), time.GetTimestamp());
        tenant.WantedAt = time.GetTimestamp();
        return tenant;
    }
}

internal sealed class TenantReleases(Guid tenantId, long now)
{
    public Guid TenantId { get; } = tenantId;

    /// <summary>A script that fetches many recordings at once, or a browser that opens new ranges before it lets go of old ones, stays below it; whoever opens connections to hold memory does not.</summary>
    public GrantLimit Streams { get; } = new(32);

    /// <summary>Each page that plays listens once; a person has some open.</summary>
    public GrantLimit Listeners { get; } = new(16);

    /// <summary>Timestamp of the last request for content: while it is young the revocation counter is read, though nothing runs.</summary>
    public long WantedAt { get; set; } = now;

    public ConcurrentDictionary<RunningRelease, byte> Running { get; } = new();

    public ConcurrentDictionary<Guid, ReleaseAccount> Accounts { get; } = new();

    /// <summary>Timestamp at which everything that runs was last known to be allowed.</summary>
    public long CheckedAt { get; set; } = now;

    public Task Checking { get; set; } = Task.CompletedTask;

    public Task Counting { get; set; } = Task.CompletedTask;

    public ReleaseAccount Hold(OpenedRelease release, DateTimeOffset now)
    {
        while (true)
        {
            var account = Accounts.GetOrAdd(release.Id, _ => new ReleaseAccount(release));
            if (account.TryHold(now))
                return account;
            Accounts.TryRemove(new(release.Id, account));
        }
    }
}
