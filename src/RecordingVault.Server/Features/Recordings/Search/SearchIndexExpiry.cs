namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>Forgets each minute the words that no search has passed for fifteen.</summary>
internal sealed class SearchIndexExpiry(SearchIndex index, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            index.DropIdle();
    }
}
