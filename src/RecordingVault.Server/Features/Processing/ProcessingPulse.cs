using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Says once a second that a piece of work goes on and how far it is, so that pages move and nobody else takes it for given up. In a scope of its own: the work writes too.</summary>
internal sealed class ProcessingPulse(SystemScope system, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work under the pulse.</summary>
    public async Task DuringAsync(Guid tenantId, Guid assetId, Func<int> percent, Func<Task> work, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(tenantId, assetId, percent, over.Token);
        try
        {
            await work();
        }
        finally
        {
            await over.CancelAsync();
            await beating;
        }
    }

    private async Task BeatAsync(Guid tenantId, Guid assetId, Func<int> percent, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<ProcessingRows>().ProgressAsync(assetId, percent(), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
        catch (System.Data.Common.DbException)
        {
            // The database is away for a moment: should the claim run out, somebody else begins anew and the later commit finds what is there.
        }
    }
}
