namespace RecordingVault.Server.Features.Keys;

/// <summary>Wipes each minute the keys that nobody used for ten: a vault at night holds its root and vault key only.</summary>
internal sealed class KeyExpiry(VaultKeyring keyring, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            keyring.DropIdle();
    }
}
