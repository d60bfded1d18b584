using Hangfire;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Export.Everything;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server;

/// <summary>Every recurring job, in one place. Each runs at start as well: the rows say what is due, so a start after a crash is a sweep.</summary>
internal sealed class Schedule(IRecurringJobManager recurring, JobQueue queue)
{
    public void Start()
    {
        Every<SendMailJob>(Cron.Minutely);
        Every<RemoveFactorsJob>(Cron.Minutely);
        Every<SweepEndedJob>(Cron.Daily);
        // In UTC; at start it does nothing where this night's run is done.
        Every<RetentionRunJob>(() => Cron.Daily(RunBook.HourOfTheRun));
        Hourly<SweepUploadsJob>();
        Hourly<SweepCardsJob>();
        Hourly<SweepDigestsJob>();
        Hourly<SweepWordsJob>();
        Hourly<SweepMarksJob>();
        Hourly<SweepLayoutsJob>();
        Hourly<SweepFrontsJob>();
        Hourly<SweepTrashJob>();
        Hourly<SweepLooseningsJob>();
        Hourly<SweepMattersJob>();
        Hourly<SweepDatesJob>();
        Hourly<SweepScheduleChangesJob>();
        Hourly<SweepEvidenceJob>();
        Hourly<RemindJob>();
        Hourly<SweepVerificationsJob>();
        Hourly<SweepExportsJob>();
        Hourly<SweepContactsJob>();
        Every<SweepBuildsJob>(Cron.Minutely);
        Every<SweepRunsJob>(Cron.Minutely);
        Every<SweepProcessingJob>(Cron.Minutely);
        Every<SweepCopiesJob>(Cron.Minutely);
        Every<SweepMovesJob>(Cron.Minutely);
        Every<SweepCutsJob>(Cron.Minutely);
    }

    private void Hourly<TJob>()
        where TJob : ISystemJob => Every<TJob>(Cron.Hourly);

    private void Every<TJob>(Func<string> rhythm)
        where TJob : ISystemJob
    {
        recurring.AddOrUpdate<SystemJobRunner<TJob>>(TJob.Name, JobQueue.Quick, runner => runner.RunAsync(CancellationToken.None), rhythm);
        queue.Nudge<TJob>();
    }
}
