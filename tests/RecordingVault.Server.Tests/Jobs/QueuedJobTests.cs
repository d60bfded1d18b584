using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Jobs;

/// <summary>A job goes through the queue's own storage and comes out again: names and arguments are written down there and have to be found again.</summary>
public sealed class QueuedJobTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_nudged_job_runs_in_its_tenants_scope()
    {
        using var witness = new Witness();
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton(witness));
        var (tenant, subject) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        vault.Services.GetRequiredService<JobQueue>().Nudge<TenantWork>(tenant, subject);
        vault.Services.GetRequiredService<JobQueue>().Nudge<SystemWork>();

        Assert.Equal((tenant, subject), await witness.Tenant.Task.WaitAsync(Limit, Ct));
        Assert.False(await witness.System.Task.WaitAsync(Limit, Ct));
    }

    [Fact]
    public async Task Jobs_that_read_whole_recordings_hold_up_nothing_quick()
    {
        using var witness = new Witness();
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton(witness));
        var queue = vault.Services.GetRequiredService<JobQueue>();
        for (var i = 0; i < 4; i++)
            queue.Nudge<LongWork>(Guid.CreateVersion7(), Guid.CreateVersion7());
        await witness.Long.Task.WaitAsync(Limit, Ct);

        queue.Nudge<SystemWork>();

        Assert.False(await witness.System.Task.WaitAsync(Limit, Ct));
        witness.LetGo.Set();
    }

    [Fact]
    public void The_digest_of_a_whole_recording_is_such_a_job() => Assert.Equal(JobQueue.Whole, QueueOf<DigestJob>());

    private static string QueueOf<TJob>()
        where TJob : ITenantJob => TJob.Queue;

    private sealed class Witness : IDisposable
    {
        public TaskCompletionSource Long { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim LetGo { get; } = new();

        public void Dispose() => LetGo.Dispose();


        public TaskCompletionSource<(Guid TenantId, Guid SubjectId)> Tenant { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> System { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class TenantWork(Witness witness, TenantContext tenant) : ITenantJob
    {
        public static string Name => "tenant-work";

        public Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
        {
            witness.Tenant.SetResult((tenant.TenantId, subjectId));
            return Task.CompletedTask;
        }
    }

    private sealed class LongWork(Witness witness) : ITenantJob
    {
        public static string Name => "long-work";

        public static string Queue => JobQueue.Whole;

        public Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
        {
            witness.Long.TrySetResult();
            witness.LetGo.Wait(Limit, cancellationToken);
            return Task.CompletedTask;
        }
    }

    private sealed class SystemWork(Witness witness, TenantContext tenant) : ISystemJob
    {
        public static string Name => "system-work";

        public Task RunAsync(CancellationToken cancellationToken)
        {
            witness.System.SetResult(tenant.IsEntered);
            return Task.CompletedTask;
        }
    }
}
