using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Processing;

/// <summary>GET /recordings/{id}/processing/events: how far the making of a recording is, told as it goes and until it is over.</summary>
internal static class ProcessingEvents
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>A browser connects again by itself: no stream lasts for ever.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task Handle(Guid id, HttpContext http, VaultDbContext db, SystemScope system, ProcessingListeners open, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        if (await LookAsync(id, tenantId, pass, system, time, cancellationToken) is not { } told)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var grant = http.User.SessionId() ?? http.User.TokenId() ?? tenantId;
        if (!open.TryEnter(grant))
        {
            await StreamProblems.TooMany.WriteAsync(http);
            return;
        }

        var events = EventStream.Begin(http);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await events.TellAsync("processing", told, leaving.Token);
            var end = time.Now() + Longest;
            using var timer = new PeriodicTimer(Tick, time);
            while (told.State is "waiting" or "running" && time.Now() < end && await timer.WaitForNextTickAsync(leaving.Token))
            {
                // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
                if (await LookAsync(id, tenantId, pass, system, time, leaving.Token) is not { } now)
                    return;
                if (now == told)
                    await events.BeatAsync(leaving.Token);
                else
                    await events.TellAsync("processing", told = now, leaving.Token);
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

    private static async Task<ProcessingResponse?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: not Role.Auditor })
            return null;
        return await scope.ServiceProvider.GetRequiredService<RecordingReading>().FindAsync(id, cancellationToken) is { } recording ? recording.Processing ?? ProcessingResponse.NotBegun : null;
    }
}

/// <summary>Pages that listen to a making at this moment, on this node. Each reads rows once a second for as long as it is open.</summary>
internal sealed class ProcessingListeners
{
    private readonly GrantLimit limit = new(16);

    public bool TryEnter(Guid grantId) => limit.TryEnter(grantId);

    public void Leave(Guid grantId) => limit.Leave(grantId);
}
