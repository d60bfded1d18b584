using System.Collections.Concurrent;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Platform.Streaming;

/// <summary>Tells a member's page how something stands: at once, and whenever it has changed. Each page that listens reads rows once a second for as long as it is open, so there are not many of them.</summary>
internal sealed class PageEvents(IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Of one kind, by one session or token, on this node.</summary>
    private const int MostListeners = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>A browser connects again by itself: no stream lasts for ever.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, GrantLimit> limits = new(StringComparer.Ordinal);

    /// <param name="grant">Of the session or token that listens.</param>
    /// <param name="name">The kind of event, one of few.</param>
    /// <param name="look">How it stands now; null where there is nothing for this member to see, or no more.</param>
    /// <param name="goesOn">Whether it can still change.</param>
    public async Task TellAsync<T>(HttpContext http, Guid grant, string name, Func<CancellationToken, Task<T?>> look, Func<T, bool> goesOn, CancellationToken cancellationToken)
        where T : class
    {
        if (await look(cancellationToken) is not { } told)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var open = limits.GetOrAdd(name, _ => new GrantLimit(MostListeners));
        if (!open.TryEnter(grant))
        {
            await StreamProblems.TooMany.WriteAsync(http);
            return;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            var events = EventStream.Begin(http);
            await events.TellAsync(name, told, leaving.Token);
            var end = time.Now() + Longest;
            using var timer = new PeriodicTimer(Tick, time);
            while (goesOn(told) && time.Now() < end && await timer.WaitForNextTickAsync(leaving.Token))
            {
                if (await look(leaving.Token) is not { } now)
                    return;
                if (now.Equals(told))
                    await events.BeatAsync(leaving.Token);
                else
                    await events.TellAsync(name, told = now, leaving.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone, or the server goes.
        }
        finally
        {
            open.Leave(grant);
        }
    }
}
