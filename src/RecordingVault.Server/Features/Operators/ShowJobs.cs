using Hangfire;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <param name="Name">The job's slug.</param>
/// <param name="LastState">As Hangfire names it; null before the first time.</param>
public sealed record RecurringJobLine(string Name, DateTimeOffset? LastAt, string? LastState, DateTimeOffset? NextAt);

/// <param name="Slug">Of the failure; it holds no word of what failed.</param>
public sealed record FailedJobLine(string Slug, int Count, DateTimeOffset LastAt);

/// <summary>GET /operator/jobs: counts, slugs and times.</summary>
public sealed record OperatorJobsPageModel
{
    public required OperatorFrame Frame { get; init; }

    public required long Waiting { get; init; }

    public required long Running { get; init; }

    public required long Done { get; init; }

    public required long Failed { get; init; }

    public required long Workers { get; init; }

    public required IReadOnlyList<RecurringJobLine> Recurring { get; init; }

    public required IReadOnlyList<FailedJobLine> Failures { get; init; }
}

/// <summary>What Hangfire knows, read only: its own dashboard would bring styles and posts that the vault's pages don't allow (decision 0091).</summary>
internal static class ShowJobs
{
    private const int NewestFailures = 500;

    public static RazorComponentResult<OperatorJobsPage> Handle(HttpContext http, JobStorage storage, OperatorAnswer answer)
    {
        var jobs = storage.GetMonitoringApi();
        var counts = jobs.GetStatistics();
        using var connection = storage.GetReadOnlyConnection();
        return PageAnswers.Page<OperatorJobsPage>(new OperatorJobsPageModel
        {
            Frame = answer.Frame(http),
            Waiting = counts.Enqueued + counts.Scheduled,
            Running = counts.Processing,
            Done = counts.Succeeded,
            Failed = counts.Failed,
            Workers = counts.Servers,
            Recurring = [.. Recurring(connection).OrderBy(line => line.Name, StringComparer.Ordinal)],
            Failures =
            [
                .. jobs.FailedJobs(0, NewestFailures).Select(job => job.Value).Where(job => job is not null)
                    .GroupBy(job => job.ExceptionMessage ?? "unknown", StringComparer.Ordinal)
                    .Select(group => new FailedJobLine(group.Key, group.Count(), Utc(group.Max(job => job.FailedAt)) ?? default))
                    .OrderByDescending(line => line.LastAt),
            ],
        });
    }

    private static IEnumerable<RecurringJobLine> Recurring(Hangfire.Storage.IStorageConnection connection) =>
        Hangfire.Storage.StorageConnectionExtensions.GetRecurringJobs(connection).Select(job => new RecurringJobLine(job.Id, Utc(job.LastExecution), job.LastJobState, Utc(job.NextExecution)));

    private static DateTimeOffset? Utc(DateTime? at) => at is { } moment ? new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)) : null;
}
