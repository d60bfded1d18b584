using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>At start and every hour: says of requests that nobody decided in time, or that a change went over, that they are over. Nothing waits for it: a request that is over approves nothing before either.</summary>
internal sealed class SweepLooseningsJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-loosenings";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<LooseningEnding>().EndAsync(cancellationToken);
            });
        }
    }
}

internal sealed class LooseningEnding(VaultDbContext db, LooseningReading reading, LooseningLetters letters, AuditLog audit, TimeProvider time)
{
    public const string Expired = "recording.loosening-expired";

    /// <summary>Those of one tenant at once: one waits for each recording at most, for seven days.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!await Over().AnyAsync(cancellationToken))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        foreach (var request in await Over().ToListAsync(cancellationToken))
        {
            (request.State, request.EndedAt) = (request.ExpiresAt <= now ? LooseningState.Expired : LooseningState.Stale, now);
            if (request.State is LooseningState.Expired)
                await audit.AppendAsync(new AuditEntry(Expired, Actor.System, AuditTargetKind.Recording, request.RecordingId) { Fields = LooseningAsking.Fields(request) }, cancellationToken);
            await letters.TellAsync(request, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private IQueryable<LooseningRequest> Over() => db.LooseningRequests.Where(request => request.State == LooseningState.Pending && !reading.Live().Any(live => live.Id == request.Id));
}

/// <summary>Requests that are over for long: the log has them.</summary>
internal sealed class EndedLoosenings(SystemScope system, JobEdge edge) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(SweepEndedJob.Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<VaultDbContext>().LooseningRequests.Where(request => request.EndedAt < endedBefore).ExecuteDeleteAsync(cancellationToken);
            });
        }
    }
}
