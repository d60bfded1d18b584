using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Looks each second at what this node is sending. A permission that was taken away or ran out stops the response, also while it is blocked in a
/// write; so does a tenant's revocation counter that could not be read for four seconds (P5, security.md 8).
/// </summary>
internal sealed partial class ReleaseWatch(RunningReleases running, SystemScope tenants, TimeProvider time, ILogger<ReleaseWatch> log) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan BlindLimit = TimeSpan.FromSeconds(4);

    /// <summary>A paused player keeps its connection and reads nothing: that is no fault for ten minutes, then it asks again when it goes on.</summary>
    public static readonly TimeSpan StillLimit = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var tenant in running.Tenants)
        {
            await tenant.Counting.WaitAsync(cancellationToken);
            await CountAsync(tenant, isLast: true, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var tenant in running.Tenants)
                Look(tenant, stoppingToken);
            running.LookedAt = time.GetTimestamp();
        }
    }

    /// <summary>Never waits: a database that hangs must not keep the other tenants, or the four seconds, from being looked at.</summary>
    private void Look(TenantReleases tenant, CancellationToken cancellationToken)
    {
        if (tenant.Counting.IsCompleted)
            tenant.Counting = Task.Run(() => CountAsync(tenant, isLast: false, cancellationToken), CancellationToken.None);
        if (tenant.Running.IsEmpty)
            tenant.CheckedAt = time.GetTimestamp();
        if (tenant.Running.IsEmpty && time.GetElapsedTime(tenant.WantedAt) >= ReleasePasses.KeptFor)
            return;

        var isBlind = time.GetElapsedTime(tenant.CheckedAt) >= BlindLimit;
        var now = time.GetUtcNow();
        foreach (var (response, _) in tenant.Running)
        {
            if (response.End is { } end && now >= end.At)
                response.Stop(end.Reason);
            else if (isBlind)
                response.Stop(PlaybackProblems.NotChecked);
            else if (response.StandsStill >= StillLimit)
                response.Stop(PlaybackProblems.Stalled);
        }

        if (tenant.Checking.IsCompleted)
            tenant.Checking = Task.Run(() => CheckAsync(tenant, cancellationToken), CancellationToken.None);
    }

    private async Task CheckAsync(TenantReleases tenant, CancellationToken cancellationToken)
    {
        try
        {
            var began = time.GetTimestamp();
            await using var scope = tenants.Enter(tenant.TenantId);
            var counter = await scope.ServiceProvider.GetRequiredService<Revocations>().ReadAsync(cancellationToken);
            var check = scope.ServiceProvider.GetRequiredService<ReleaseCheck>();
            // However many responses one asker has, his rows are read once; askers are the same when all that is said of them is.
            foreach (var same in tenant.Running.Keys.Where(response => response.Revocations != counter).GroupBy(response => (response.Asker, response.RecordingId, response.Purpose, response.IsUnmarked)))
            {
                var finding = await check.FindAsync(same.Key.Asker, same.Key.RecordingId, same.Key.Purpose, cancellationToken);
                if (same.Key.IsUnmarked && finding.Verdict.IsAllowed && !await check.MayHaveUnmarkedAsync(same.Key.Asker, same.Key.RecordingId, cancellationToken))
                    finding = finding.RefusedFor(PlaybackProblems.Unmarkable);
                var held = await check.HeldAsync(finding, same.Key.Purpose, same.Key.RecordingId, [.. same.Select(response => response.AssetId).OfType<Guid>().Distinct()], cancellationToken);
                foreach (var response in same)
                    Apply(finding, held, response, counter);
            }

            tenant.CheckedAt = began;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception fault) // the edge of the watch: whatever it is, what was not checked is stopped after four seconds
        {
            NotChecked(log, tenant.TenantId, fault.GetType().Name);
        }
    }

    private static void Apply(ReleaseFinding finding, IReadOnlySet<Guid> held, RunningRelease response, long counter)
    {
        // A page may wait for a recording that is still received; its events go on.
        var reasons = finding.Verdict.Reasons.Where(reason => !response.IsListener || reason != PlaybackProblems.NotReady).ToList();
        if (reasons.Count > 0)
        {
            response.Stop(reasons[0]);
            return;
        }

        if (response.Packed is { } packed && finding.Tag != packed.Tag)
        {
            response.Stop(packed.Changed);
            return;
        }

        if (response.AssetId is { } asset && !held.Contains(asset))
        {
            response.Stop(finding.OnlyCopy is null ? PlaybackProblems.MovedAway : PlaybackProblems.CopyBeingMade);
            return;
        }

        (response.End, response.Revocations) = (finding.End, counter);
    }

    private async Task CountAsync(TenantReleases tenant, bool isLast, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var due = tenant.Accounts.Values.Where(account => isLast || account.WrittenAt is not { } at || now - at >= CountEvery).ToList();
        if (due.Count == 0)
            return;
        await using var scope = tenants.Enter(tenant.TenantId);
        var counting = scope.ServiceProvider.GetRequiredService<ReleaseCounting>();
        foreach (var account in due)
        {
            if (account.Take() is not { } taken)
            {
                if (account.TryClose())
                    tenant.Accounts.TryRemove(new(account.ReleaseId, account));
                continue;
            }

            try
            {
                await counting.WriteAsync(account, taken.Bytes, taken.LastRequestAt, cancellationToken);
                account.WrittenAt = now;
            }
            catch (Exception fault) // the edge of the watch: what could not be written is kept for the next time
            {
                account.Return(taken.Bytes);
                NotCounted(log, tenant.TenantId, account.ReleaseId, fault.GetType().Name);
                return;
            }
        }
    }

    [LoggerMessage(EventId = 602, Level = LogLevel.Error, Message = "What runs for tenant {TenantId} could not be checked: {Fault}")]
    private static partial void NotChecked(ILogger log, Guid tenantId, string fault);

    [LoggerMessage(EventId = 603, Level = LogLevel.Warning, Message = "Bytes of release {ReleaseId} of tenant {TenantId} could not be written down and are kept for the next time: {Fault}")]
    private static partial void NotCounted(ILogger log, Guid tenantId, Guid releaseId, string fault);
}
