using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>Moves of all tenants share one worker: a long one gives way, and one that waits does not spin.</summary>
public sealed class MoveTurnsTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task A_long_move_gives_way_to_those_that_wait_and_goes_on_where_it_stopped()
    {
        var (tenant, to, from) = await PairAsync((2 * SegmentBuffer.Capacity) + 10_000);
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var (others, otherTo, otherFrom) = await PairAsync();
        await MergeAsync(others, otherTo.Id, otherFrom.Id);
        var (runs, pieces) = (0, new List<int>());

        using (DatabaseEvents.WhenExecuting(tenant.Id, command =>
        {
            if (command.Contains("INSERT", StringComparison.Ordinal) && command.Contains("moved_segments", StringComparison.Ordinal))
                Vault.Clock.Advance(MoveSlice.Length);
        }))
        {
            for (; (await Vault.MoveAsync(tenant, move)).State != MoveState.Moved; runs++)
            {
                var waiting = Waiting();
                await MovingVault.RunAsync(tenant, move);
                pieces.Add(await ViewOf(tenant).RowsAsync(db => db.MovedSegments.CountAsync(Ct)));
                if ((await Vault.MoveAsync(tenant, move)).State == MoveState.Waiting)
                    Assert.Equal(waiting + 1, Waiting()); // it is behind the others now
            }
        }

        Assert.Equal([1, 2, 3, 0], pieces);
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
    }

    [Fact]
    public async Task What_waits_is_nudged_once_and_then_more_and_more_rarely()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        await tus.BeginAsync(1_000, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "late.mp4", ["recording"] = $"{from.Id}" });
        var waits = new List<double>();
        for (var tries = 0; tries < 6; tries++)
        {
            await MovingVault.RunAsync(tenant, move);
            var row = await Vault.MoveAsync(tenant, move);
            Assert.Equal((MoveState.Waiting, "upload"), (row.State, row.Reason));
            waits.Add((row.DueAt!.Value - Vault.Clock.GetUtcNow()).TotalMinutes);
            Assert.Equal(0, await NudgedAsync(move));
            Vault.Clock.Advance(TimeSpan.FromMinutes(waits[^1]));
            Assert.Equal(1, await NudgedAsync(move));
            Assert.Equal(0, await NudgedAsync(move));
        }

        Assert.Equal([1, 2, 4, 8, 10, 10], waits.Select(wait => Math.Round(wait)));
        Vault.Clock.Advance(MoveRows.NudgeKept);
        Assert.Equal(1, await NudgedAsync(move));
    }

    private long Waiting() => Storage.GetMonitoringApi().EnqueuedCount(JobQueue.Whole);

    private JobStorage Storage => Vault.Vault.Services.GetRequiredService<JobStorage>();

    /// <summary>How many nudges for a move one sweep adds.</summary>
    private async Task<int> NudgedAsync(Guid move)
    {
        var before = Count();
        await using var scope = Vault.Vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SweepMovesJob>(scope.ServiceProvider).RunAsync(Ct);
        return Count() - before;

        int Count() => Storage.GetMonitoringApi().EnqueuedJobs(JobQueue.Whole, 0, 10_000).Count(job => job.Value?.Job?.Args.Contains(move) == true);
    }
}
