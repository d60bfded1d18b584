using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

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

    /// <summary>Hangfire keeps whoever makes jobs in a static field, and the last host that was set up in this process wins.</summary>
    [Fact]
    public async Task A_hosts_jobs_are_made_by_itself_and_by_no_other_host_of_the_process()
    {
        await using var first = Host();
        await using (var second = Host())
        {
            first.GetRequiredService<IGlobalConfiguration>();
            second.GetRequiredService<IGlobalConfiguration>();
        }

        using var scope = first.GetRequiredService<JobActivator>().BeginScope((JobActivatorContext)null!);

        Assert.Same(first.GetRequiredService<JobEdge>(), scope.Resolve(typeof(JobEdge)));

        static ServiceProvider Host() => new ServiceCollection().AddLogging().AddJobs(new VaultOptions()).BuildServiceProvider();
    }

    [Fact]
    public async Task Jobs_that_read_whole_recordings_or_encode_films_hold_up_nothing_quick()
    {
        using var witness = new Witness();
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton(witness));
        var queue = vault.Services.GetRequiredService<JobQueue>();
        for (var i = 0; i < 4; i++)
        {
            queue.Nudge<LongWork>(Guid.CreateVersion7(), Guid.CreateVersion7());
            queue.Nudge<MediaWork>(Guid.CreateVersion7(), Guid.CreateVersion7());
        }

        await witness.Long.Task.WaitAsync(Limit, Ct);
        await witness.Media.Task.WaitAsync(Limit, Ct);

        queue.Nudge<SystemWork>();

        Assert.False(await witness.System.Task.WaitAsync(Limit, Ct));
        witness.LetGo.Set();
    }

    [Fact]
    public void Digests_moves_and_renditions_are_such_jobs() =>
        Assert.Equal(
            (JobQueue.Digest, JobQueue.Export, JobQueue.Whole, JobQueue.Media, JobQueue.Renditions),
            (QueueOf<DigestJob>(), QueueOf<BuildExportJob>(), QueueOf<MoveFilesJob>(), QueueOf<ProcessJob>(), QueueOf<RenditionJob>()));

    [Fact]
    public async Task Whoever_destroys_a_recording_does_not_wait_for_the_digest_of_another()
    {
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var destroyed = await StoredRecording.PutAsync(vault, tenant, 1_000, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(destroyed.Path, Ct)).Dispose();
        var view = new VaultView(vault, tenant.Id);
        using var letGo = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hold = DatabaseEvents.WhenSaving(tenant.Id, db =>
        {
            if (!db.ChangeTracker.Entries<RecordingAsset>().Any(entry => entry.State == EntityState.Modified && entry.Entity.ContentDigest is not null && entry.Entity.RecordingId != destroyed.Id))
                return;
            isHeld.TrySetResult();
            letGo.Wait(Limit, Ct);
        });
        // Behind the hold: the sweep of the start may read it before anybody asks.
        var read = await StoredRecording.PutAsync(vault, tenant, 1_000, Ct);
        vault.Services.GetRequiredService<JobQueue>().Nudge<DigestJob>(tenant.Id, read.Id);
        await isHeld.Task.WaitAsync(Limit, Ct);

        Assert.Null(await view.InScopeAsync(services => services.GetRequiredService<TrashEmptying>().DestroyAsync(destroyed.Id, Actor.System, Ct)));

        Assert.True(await view.ComesTrueAsync(async db => !await db.Recordings.AnyAsync(recording => recording.Id == destroyed.Id, Ct), Limit));
        Assert.True(await view.RowsAsync(db => db.RecordingAssets.AnyAsync(asset => asset.Id == read.Asset.Id && asset.ContentDigest == null, Ct)));
        letGo.Set();
        Assert.True(await view.ComesTrueAsync(db => db.RecordingAssets.AnyAsync(asset => asset.Id == read.Asset.Id && asset.ContentDigest != null, Ct), Limit));
    }

    private static string QueueOf<TJob>()
        where TJob : ITenantJob => TJob.Queue;

    private sealed class Witness : IDisposable
    {
        public TaskCompletionSource Long { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Media { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    private sealed class MediaWork(Witness witness) : ITenantJob
    {
        public static string Name => "media-work";

        public static string Queue => JobQueue.Media;

        public Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
        {
            witness.Media.TrySetResult();
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
