using System.Collections.Concurrent;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Playback;

/// <summary>What this node sends at this moment, by tenant, and what it sent and has not written down yet.</summary>
internal sealed class RunningReleases(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TenantReleases> tenants = new();

    public IEnumerable<TenantReleases> Tenants => tenants.Values;

    /// <summary>A stream of content begins; it is watched until it is disposed.</summary>
    /// <param name="stop">Called at most once, from any thread, when the response must not go on.</param>
    public RunningRelease Begin(OpenedRelease release, Action stop)
    {
        var tenant = Of(release.TenantId);
        var running = new RunningRelease(tenant, stop, time)
        {
            Asker = release.Asker,
            RecordingId = release.RecordingId,
            Purpose = release.Purpose,
            End = release.End,
            Account = tenant.Hold(release, time.Now()),
        };
        tenant.Running.TryAdd(running, default);
        return running;
    }

    /// <summary>A stream of events begins: it sends no content and is told when content would be refused.</summary>
    public RunningRelease Listen(Guid tenantId, Asker asker, Guid recordingId, StandingEnd? end, Action stop)
    {
        var tenant = Of(tenantId);
        var running = new RunningRelease(tenant, stop, time) { Asker = asker, RecordingId = recordingId, Purpose = ReleasePurpose.View, End = end };
        tenant.Running.TryAdd(running, default);
        return running;
    }

    /// <summary>An answer without content (HEAD, 304) belongs to the release too.</summary>
    public void Note(OpenedRelease release) => Of(release.TenantId).Hold(release, time.Now()).Drop();

    private TenantReleases Of(Guid tenantId) => tenants.GetOrAdd(tenantId, id => new TenantReleases(id, time.GetTimestamp()));
}

internal sealed class TenantReleases(Guid tenantId, long now)
{
    public Guid TenantId { get; } = tenantId;

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
