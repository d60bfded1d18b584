using System.Data.Common;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Somebody else has taken the move over, or it is over: whoever worked at it stops.</summary>
internal sealed class MoveLostException() : Exception("The move is in other hands.");

/// <summary>A move that is this run's to work at. Whatever the run writes of it names the claim: a run that was taken for gone writes nothing any more.</summary>
internal sealed class MoveClaim(Guid tenantId, Guid moveId, DateTimeOffset until) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public Guid TenantId { get; } = tenantId;

    public Guid MoveId { get; } = moveId;

    /// <summary>Until when it is this run's, as the row says.</summary>
    public DateTimeOffset Until { get; private set; } = until;

    /// <summary>Of reading and sealing, 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>Says that the work goes on, and how far it is.</summary>
    /// <exception cref="MoveLostException">It is not this run's any more.</exception>
    public async Task RenewAsync(MoveRows rows, CancellationToken cancellationToken)
    {
        using (await HoldAsync(cancellationToken))
            Until = await rows.RenewAsync(MoveId, Until, Percent, cancellationToken);
    }

    /// <summary>Nobody renews it until this is disposed: what is written meanwhile can name <see cref="Until"/>.</summary>
    public async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new Hold(turn);
    }

    public void Dispose() => turn.Dispose();

    private sealed class Hold(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// <summary>Renews a claim by time, however long one piece of the work takes (a store that hardly answers). In scopes of its own: the work writes too.</summary>
internal sealed class MovePulse(SystemScope system, TimeProvider time)
{
    /// <summary>A claim is good for a minute.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    public async Task DuringAsync(MoveClaim claim, Func<Task> work, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(claim, over.Token);
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

    private async Task BeatAsync(MoveClaim claim, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await using var scope = system.Enter(claim.TenantId);
                await claim.RenewAsync(scope.ServiceProvider.GetRequiredService<MoveRows>(), cancellationToken);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or MoveLostException or DbException)
        {
            // The work is over; or it is somebody else's, or the database is away, which the work finds out at its next step.
        }
    }
}
