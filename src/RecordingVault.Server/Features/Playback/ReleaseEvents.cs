using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// A page listens here while it plays, and hears why it must stop: then it removes its source, so that nothing more is shown from what it holds.
/// The stream itself sends no content, so it needs no release.
/// </summary>
internal sealed class ReleaseEvents(ReleaseCheck check, Revocations revocations, RunningReleases running, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(HttpContext http, Guid tenantId, Asker asker, Guid recordingId, CancellationToken cancellationToken)
    {
        var counter = await revocations.CurrentAsync(cancellationToken);
        var finding = await check.FindAsync(asker, recordingId, ReleasePurpose.View, cancellationToken);
        if (finding.Recording is null && finding.Verdict.Reasons.Contains(Problem.NotFound))
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        // A browser connects again by itself: a page whose link has ended meanwhile must hear it then.
        if (finding.Verdict.Reasons.FirstOrDefault(reason => reason != PlaybackProblems.NotReady) is { } already)
        {
            await TellStoppedAsync(EventStream.Begin(http), already, cancellationToken);
        }
        else
        {
            await ListenAsync(http, tenantId, asker, recordingId, finding.End, counter, cancellationToken);
        }
    }

    private async Task ListenAsync(HttpContext http, Guid tenantId, Asker asker, Guid recordingId, StandingEnd? end, long counter, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = running.TryListen(tenantId, asker, recordingId, end, counter, stopped.SetResult);
        if (listening is null)
        {
            await StreamProblems.TooMany.WriteAsync(http);
            return;
        }

        var events = EventStream.Begin(http);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (!stopped.Task.IsCompleted)
            {
                await events.BeatAsync(leaving.Token);
                await Task.WhenAny(stopped.Task, Task.Delay(Heartbeat, time, leaving.Token));
                leaving.Token.ThrowIfCancellationRequested();
            }

            await TellStoppedAsync(events, listening.StoppedFor!, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // The page is gone, or the server goes: there is nobody to tell, or he connects again.
        }
    }

    private Task TellStoppedAsync(EventStream events, Problem reason, CancellationToken cancellationToken) =>
        events.TellAsync("stopped", new ReleaseStopped(reason.Slug, reason.Title, time.Now()), cancellationToken);

    private sealed record ReleaseStopped(string Reason, string Title, DateTimeOffset At);
}
