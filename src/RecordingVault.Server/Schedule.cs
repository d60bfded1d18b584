using Hangfire;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server;

/// <summary>Every recurring job, in one place. Each runs at start as well: the rows say what is due, so a start after a crash is a sweep.</summary>
internal sealed class Schedule(IRecurringJobManager recurring, JobQueue queue)
{
    public void Start()
    {
        Hourly<SweepUploadsJob>();
        Hourly<SweepCardsJob>();
        Hourly<SweepDigestsJob>();
        Hourly<SweepTrashJob>();
        Hourly<SweepVerificationsJob>();
    }

    private void Hourly<TJob>()
        where TJob : ISystemJob
    {
        recurring.AddOrUpdate<SystemJobRunner<TJob>>(TJob.Name, JobQueue.Quick, runner => runner.RunAsync(CancellationToken.None), Cron.Hourly);
        queue.Nudge<TJob>();
    }
}
