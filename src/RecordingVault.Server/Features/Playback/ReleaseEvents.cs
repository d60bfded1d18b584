using System.Text.Json;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

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
            Begin(http);
            await WriteStoppedAsync(http, already, cancellationToken);
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
            await PlaybackProblems.TooManyStreams.WriteAsync(http);
            return;
        }

        Begin(http);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (!stopped.Task.IsCompleted)
            {
                await http.Response.WriteAsync(": heartbeat\n\n", leaving.Token);
                await http.Response.Body.FlushAsync(leaving.Token);
                await Task.WhenAny(stopped.Task, Task.Delay(Heartbeat, time, leaving.Token));
                leaving.Token.ThrowIfCancellationRequested();
            }

            await WriteStoppedAsync(http, listening.StoppedFor!, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // The page is gone, or the server goes: there is nobody to tell, or he connects again.
        }
    }

    private static void Begin(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        // Proxies that gather small writes would keep the one word that must not wait.
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private async Task WriteStoppedAsync(HttpContext http, Problem reason, CancellationToken cancellationToken)
    {
        var words = JsonSerializer.Serialize(new ReleaseStopped(reason.Slug, reason.Title, time.Now()), JsonSerializerOptions.Web);
        await http.Response.WriteAsync($"event: stopped\ndata: {words}\n\n", cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }

    private sealed record ReleaseStopped(string Reason, string Title, DateTimeOffset At);
}
