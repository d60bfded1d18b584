using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A vault whose clock stands still until a test moves it, and whose tables a test may take away.</summary>
public sealed class ClockedVault : IAsyncLifetime
{
    private TestVault? vault;

    public TestVault Vault => vault ?? throw new InvalidOperationException("The vault has not started.");

    /// <summary>Only moves forward, so tests of one class may use one vault after another, each with a tenant of its own.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(Clock));

    public ValueTask DisposeAsync() => vault?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>How many responses run for a tenant.</summary>
    public int Running(Guid tenantId) => Releases.Tenants.Where(tenant => tenant.TenantId == tenantId).Sum(tenant => tenant.Running.Count);

    /// <summary>Lets seconds pass, and each time lets the watch finish what the second made it do.</summary>
    public Task PassAsync(int seconds, CancellationToken cancellationToken) => PassAsync(seconds, 1, cancellationToken);

    /// <summary>Minutes pass in steps that the watch still counts as looking.</summary>
    public Task PassMinutesAsync(int minutes, CancellationToken cancellationToken) => PassAsync(minutes * 20, 3, cancellationToken);

    /// <summary>
    /// Waits until a tenant's responses have handed nothing to their connections for half a second of the machine's time: the buffers on the way
    /// still take bytes for a moment after a reader has stopped, and each of them would begin a standstill anew.
    /// </summary>
    public async Task UntilStillAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        do
        {
            await PassAsync(1, cancellationToken);
            await Task.Delay(500, cancellationToken);
            await PassAsync(1, cancellationToken);
        }
        while (Releases.Tenants.Where(tenant => tenant.TenantId == tenantId).SelectMany(tenant => tenant.Running.Keys).Any(response => response.StandsStill < TimeSpan.FromSeconds(2)));
    }

    private async Task PassAsync(int steps, int secondsEach, CancellationToken cancellationToken)
    {
        for (var i = 0; i < steps; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(secondsEach));
            // The tick itself runs on another thread; when it has looked, its tasks are there to be waited for.
            await UntilAsync(() => Releases.LookedAt == Clock.GetTimestamp(), cancellationToken);
            foreach (var tenant in Releases.Tenants)
                await Task.WhenAll(tenant.Checking, tenant.Counting).WaitAsync(cancellationToken);
        }
    }

    public async Task SqlAsync(string sql, CancellationToken cancellationToken)
    {
        var options = Vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
        await using System.Data.Common.DbConnection connection = TestVault.UsesPostgres ? new NpgsqlConnection(options.Database.ConnectionString) : new SqliteConnection(options.SqliteConnectionString);
        await connection.OpenAsync(cancellationToken);
        // With the database's turn from the beginning: what changes a table and loses the turn to a worker midway is begun anew, and finds itself half done.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // sentences of the tests themselves
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Waits for what another thread is about to do.</summary>
    public static async Task UntilAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        while (!isSo())
            await Task.Delay(1, cancellationToken);
    }

    private RunningReleases Releases => Vault.Services.GetRequiredService<RunningReleases>();
}
