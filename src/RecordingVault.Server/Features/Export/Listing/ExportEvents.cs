using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>How far an export is.</summary>
internal sealed record ExportProgress(string State, int Done, int Total);

/// <summary>GET /api/v1/exports/{id}/events: how far a package is, told as it goes and until it is packed or over.</summary>
internal static class ExportEvents
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    /// <summary>A browser connects again by itself: no stream lasts for ever.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public static async Task Handle(Guid id, HttpContext http, VaultDbContext db, ExportReach reach, SystemScope system, ExportListeners open, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        if (!await db.PackageExports.AnyAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken) || await LookAsync(id, tenantId, pass, system, time, cancellationToken) is not { } told)
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
            await events.TellAsync("export", told, leaving.Token);
            var end = time.Now() + s_longest;
            using var timer = new PeriodicTimer(s_tick, time);
            while (told.State is "waiting" or "building" && time.Now() < end && await timer.WaitForNextTickAsync(leaving.Token))
            {
                // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
                if (await LookAsync(id, tenantId, pass, system, time, leaving.Token) is not { } now)
                    return;
                if (now == told)
                    await events.BeatAsync(leaving.Token);
                else
                    await events.TellAsync("export", told = now, leaving.Token);
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

    private static async Task<ExportProgress?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin or Role.Contributor })
            return null;
        var found = await db.PackageExports.AsNoTracking().Where(export => export.Id == id)
            .Select(export => new { export.State, export.Done, Total = db.PackageExportItems.Count(item => item.ExportId == id) }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new ExportProgress(found.State.Name(), found.State is ExportState.Waiting ? 0 : found.Done, found.Total);
    }
}

/// <summary>Pages that listen to exports at this moment, on this node.</summary>
internal sealed class ExportListeners
{
    private readonly GrantLimit limit = new(16);

    public bool TryEnter(Guid grantId) => limit.TryEnter(grantId);

    public void Leave(Guid grantId) => limit.Leave(grantId);
}
