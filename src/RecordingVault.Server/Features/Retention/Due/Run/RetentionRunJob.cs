using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Retention.Due.Run;

/// <summary>Every night at 02:00 UTC, and at start where a night was missed: dates follow what they depend on, people are warned, and what is due goes. Each tenant apart.</summary>
internal sealed class RetentionRunJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "retention-run";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => new NightlyRun(system, edge, tenantId).RunAsync(cancellationToken));
    }
}

/// <summary>
/// One night of one tenant. Every step has a scope of its own, and every recording too: however many there are, what is held in memory is one page of ids, and what fails for one leaves nothing for the
/// next. It may be killed anywhere and begun twice: the rows say what is left, and each step looks again behind the tenant's turn.
/// </summary>
internal sealed class NightlyRun(SystemScope system, JobEdge edge, Guid tenantId)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await StepAsync<RunBook, Guid?>(book => book.BeginAsync(cancellationToken)) is not { } id)
            return;
        // Of most tenants nothing is to be done, and that is told at little cost.
        var counts = await StepAsync<DateReckoning, bool>(dates => dates.HasWorkAsync(cancellationToken)) ? await WorkAsync(cancellationToken) : null;
        await StepAsync<RunBook, bool>(book => book.CloseAsync(id, counts, cancellationToken));
    }

    private async Task<RunCounts> WorkAsync(CancellationToken cancellationToken)
    {
        var reckoned = await FollowAsync(cancellationToken);
        var warned = await StepAsync<DueWarning, int>(warning => warning.WarnAsync(cancellationToken));
        return await DisposeAsync(cancellationToken) with { Reckoned = reckoned, Warned = warned };
    }

    private async Task<int> FollowAsync(CancellationToken cancellationToken)
    {
        var (changed, after) = (0, Guid.Empty);
        while (await StepAsync<DateFollowing, DatesPage?>(dates => dates.PageAsync(after, cancellationToken)) is { } page)
            (changed, after) = (changed + page.Changed, page.Last);
        return changed;
    }

    private async Task<RunCounts> DisposeAsync(CancellationToken cancellationToken)
    {
        var counts = new RunCounts();
        DuePlace? after = null;
        // Page after page: what is stuck stays behind and blocks nothing.
        while (await StepAsync<DueDisposing, IReadOnlyList<DuePlace>>(disposing => disposing.PageAsync(after, cancellationToken)) is { Count: > 0 } page)
        {
            foreach (var place in page)
                counts = counts.With(await DisposeAsync(place.RecordingId, cancellationToken));
            after = page[^1];
        }

        return counts;
    }

    private async Task<DueOutcome> DisposeAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var outcome = DueOutcome.Failed;
        await edge.TryAsync(RetentionRunJob.Name, recordingId, async () => outcome = await StepAsync<DueDisposing, DueOutcome>(disposing => disposing.DisposeAsync(recordingId, cancellationToken)));
        return outcome;
    }

    private async Task<TResult> StepAsync<TService, TResult>(Func<TService, Task<TResult>> step)
        where TService : notnull
    {
        await using var scope = system.Enter(tenantId);
        return await step(scope.ServiceProvider.GetRequiredService<TService>());
    }
}

/// <summary>Where a page of what is due ended.</summary>
internal sealed record DuePlace(DateTimeOffset DisposeAt, Guid RecordingId);

internal enum DueOutcome
{
    Trashed,
    ForReview,

    /// <summary>It is not due after all, or somebody else was there first.</summary>
    Left,

    /// <summary>A fault stopped it; the next night tries again.</summary>
    Failed,
}

/// <summary>What a night did.</summary>
internal sealed record RunCounts
{
    public int Reckoned { get; init; }
    public int Warned { get; init; }
    public int Trashed { get; init; }
    public int ForReview { get; init; }
    public int Failed { get; init; }

    public RunCounts With(DueOutcome outcome) => outcome switch
    {
        DueOutcome.Trashed => this with { Trashed = Trashed + 1 },
        DueOutcome.ForReview => this with { ForReview = ForReview + 1 },
        DueOutcome.Failed => this with { Failed = Failed + 1 },
        _ => this,
    };
}
