using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>Looks every ten seconds whether database and store do what they are for. Whoever asks gets the last result, so that asking, which is open to anybody, costs nothing.</summary>
internal sealed class Readiness(IServiceScopeFactory scopes, SealedStore store, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private volatile bool isReady;

    public bool IsReady => isReady;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
            isReady = await LookAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One that hangs is none: the next look begins anew.
            return await ProbeAsync(cancellationToken).WaitAsync(Period, time, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DbException or TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Database.CanConnectAsync(cancellationToken))
            return false;
        await store.ReachAsync(cancellationToken);
        return true;
    }
}
